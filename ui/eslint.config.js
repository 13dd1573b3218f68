import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const betweenFeatures = {
  group: ["@/features/*", "../../../*"],
  message: "A feature imports components/, api/ and itself, never another feature.",
};
const upwards = { group: ["@/features/*", "@/app/*"], message: "Shared code knows nothing of who uses it." };

export default tseslint.config(
  { ignores: ["node_modules", "openapi", "src/api/schema"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      // An empty text is no value, and `false` takes an attribute away.
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { boolean: true, string: true } }],
      // A router's redirect is thrown, and is no Error.
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [jsxA11y.flatConfigs.strict, reactHooks.configs.flat.recommended],
    rules: { "no-console": "error" },
  },
  { files: ["src/features/**"], rules: { "no-restricted-imports": ["error", { patterns: [betweenFeatures] }] } },
  {
    files: ["src/{api,components,theme}/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [upwards] }] },
  },
  // Playwright reads from the pattern which fixtures one needs: none.
  { files: ["e2e/**"], rules: { "no-empty-pattern": "off" } },
  {
    files: ["scripts/**", "public/**", "*.js"],
    languageOptions: {
      globals: {
        console: "readonly",
        document: "readonly",
        localStorage: "readonly",
        matchMedia: "readonly",
        process: "readonly",
        URL: "readonly",
      },
    },
  },
);
