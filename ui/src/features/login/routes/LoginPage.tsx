import { Button, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { logIn, sessionQuery } from "@/api/session";
import { FormError } from "@/components/FormError";
import { useProblemForm } from "@/components/useProblemForm";
import styles from "./LoginPage.module.css";
import { safeNext } from "./safeNext";

/** The key is sent once and forgotten; what stays is a cookie that no script can read. */
export function LoginPage() {
  useDocumentTitle("Log in – alerting");
  const queries = useQueryClient();
  const router = useRouter();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const { next, ended } = useSearch({ from: "/login" });
  const { form, problem, saving, submit } = useProblemForm({
    initialValues: { key: "" },
    validate: { key: (key: string) => (key.trim() === "" ? "Paste your API key." : null) },
  });
  const save = async ({ key }: { key: string }): Promise<void> => {
    const session = await logIn(key.trim());
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, session);
    router.history.replace(safeNext(next));
  };
  return (
    <main className={styles.page}>
      <form className={`surface ${styles.card}`} onSubmit={submit(save)} noValidate>
        <Stack gap="md">
          <div>
            <img src="/icon.svg" alt="" width={40} height={40} />
            <Title order={1} mt="xs">
              Log in to alerting
            </Title>
          </div>
          {/* Password managers want a name to keep the key under. */}
          <input type="text" name="username" autoComplete="username" value="API key" readOnly hidden />
          <PasswordInput
            label="API key"
            placeholder="ak_…"
            autoComplete="current-password"
            spellCheck={false}
            visibilityToggleButtonProps={{ "aria-label": "Show the key" }}
            ref={field}
            {...form.getInputProps("key")}
          />
          {ended && problem === undefined && (
            <Text size="sm" role="status">
              Your session has ended. Log in to go on where you were.
            </Text>
          )}
          <FormError>{problem}</FormError>
          <Button type="submit" loading={saving} fullWidth>
            Log in
          </Button>
          <Text size="sm" c="dimmed">
            An administrator makes keys, on the page “API keys” or with <code>alerting keys create</code>.
          </Text>
        </Stack>
      </form>
    </main>
  );
}
