/** A form whose faults, as the API finds them, stand at their fields. */

import { useForm, type UseFormInput, type UseFormReturnType } from "@mantine/form";
import { useCallback, useState } from "react";
import { formErrors } from "@/api/problem";

export interface ProblemForm<Values extends object> {
  form: UseFormReturnType<Values>;
  /** What is wrong with the whole; for `<FormError>`. */
  problem: string | undefined;
  saving: boolean;
  /** For `<UnsavedChanges>`. */
  unsaved: () => boolean;
  /** For `<form onSubmit>`: validates, saves, and shows what the API says. `onError` returns true for what it handled. */
  submit: (
    save: (values: Values) => Promise<unknown>,
    onError?: (error: unknown) => boolean,
  ) => (event?: React.SubmitEvent<HTMLFormElement>) => void;
}

export function useProblemForm<Values extends object>(
  input: UseFormInput<Values> & { initialValues: Values },
  rename?: Readonly<Record<string, string>>,
): ProblemForm<Values> {
  const form = useForm<Values>(input);
  const [problem, setProblem] = useState<string>();
  const [saving, setSaving] = useState(false);
  const fail = useCallback(
    (error: unknown) => {
      const found = formErrors(error, Object.keys(input.initialValues), rename);
      form.setErrors(found.fields);
      setProblem(found.form);
      focusFirst(form, found.fields);
    },
    [form, input.initialValues, rename],
  );
  const submit: ProblemForm<Values>["submit"] = (save, onError) =>
    form.onSubmit(
      (values) => {
        setProblem(undefined);
        setSaving(true);
        save(values)
          .catch((error: unknown) => {
            if (onError?.(error) !== true) fail(error);
          })
          .finally(() => setSaving(false));
      },
      (faults) => focusFirst(form, faults),
    );
  const unsaved = (): boolean => !saving && form.isDirty();
  return { form, problem, saving, unsaved, submit };
}

/** Go to the first field that something is wrong with: it may be out of sight. */
function focusFirst<Values extends object>(form: UseFormReturnType<Values>, faults: object): void {
  const fields = Object.keys(faults).map((path) => form.getInputNode(path));
  fields.find((field) => field !== null)?.focus();
}
