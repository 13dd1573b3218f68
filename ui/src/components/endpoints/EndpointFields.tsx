import { Button, Checkbox, Input, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useId } from "react";
import { PROFILES, profileInWords } from "./retry";
import { ENDPOINT_TYPES, typeInWords } from "./types";
import type { EndpointValues } from "./values";

interface EndpointFieldsProps {
  values: EndpointValues;
  /** Of the form's field, which may be one of several endpoints'. */
  inputProps: (name: keyof EndpointValues, options?: { type: "checkbox" }) => object;
  onType: (type: EndpointValues["type"]) => void;
  /** Of one that exists: its type stays. */
  typeIsFixed?: boolean;
}

/** Where to send, and how persistently; each type with what one has to know of it. */
export function EndpointFields({ values, inputProps, onType, typeIsFixed = false }: EndpointFieldsProps) {
  const { address, placeholder, help } = typeInWords(values.type);
  const [asked, { open: show }] = useDisclosure(typeIsFixed);
  // What is not as usual is never out of sight.
  const more = asked || values.fallback || values.profile !== "standard" || values.max_age !== "";
  return (
    <Stack gap="md">
      {!typeIsFixed && <TypeChoice value={values.type} onChange={onType} />}
      <TextInput
        label={address}
        description={help}
        placeholder={placeholder}
        required
        autoComplete="off"
        spellCheck={false}
        inputMode={values.type === "email" ? "email" : "url"}
        {...inputProps("value")}
      />
      {!more && (
        <Button variant="subtle" size="compact-sm" onClick={show} style={{ alignSelf: "start" }}>
          Retries, expiry, fallback …
        </Button>
      )}
      {more && <MoreFields values={values} inputProps={inputProps} />}
    </Stack>
  );
}

function TypeChoice({ value, onChange }: { value: EndpointValues["type"]; onChange: EndpointFieldsProps["onType"] }) {
  const label = useId();
  return (
    <Input.Wrapper label="Send by" labelElement="div" labelProps={{ id: label }}>
      <div>
        <SegmentedControl
          aria-labelledby={label}
          data={ENDPOINT_TYPES.map((type) => ({ value: type.value, label: type.label }))}
          value={value}
          onChange={onChange}
        />
      </div>
    </Input.Wrapper>
  );
}

function MoreFields({ values, inputProps }: Pick<EndpointFieldsProps, "values" | "inputProps">) {
  const profile = profileInWords(values.profile);
  return (
    <>
      <Select
        label="When it fails, try again"
        description={profile?.help}
        data={PROFILES.map(({ value, label }) => ({ value, label }))}
        allowDeselect={false}
        inputWrapperOrder={["label", "input", "description", "error"]}
        {...inputProps("profile")}
      />
      {values.profile === "custom" && (
        <TextInput
          label="Wait before each further attempt"
          description="As many as there are to be, with commas between; 20 at most."
          placeholder="10 s, 1 min, 5 min"
          required
          {...inputProps("delays")}
        />
      )}
      <TextInput
        label="Give up after"
        description="From then on a notification is too old to be worth sending. Between 1 min and 7 d."
        placeholder={profile?.expires ?? ""}
        {...inputProps("max_age")}
      />
      <Checkbox
        label="Only a fallback"
        description="It is told only when the rule’s other endpoints could not be reached."
        {...inputProps("fallback", { type: "checkbox" })}
      />
    </>
  );
}
