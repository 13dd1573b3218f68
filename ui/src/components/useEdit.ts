/** Editing what others may edit, too: who was slower sees both versions, and chooses. */

import { useState } from "react";
import type { UseFormInput } from "@mantine/form";
import { ApiError } from "@/api/problem";
import type { Conflict } from "./conflict";
import { type ProblemForm, useProblemForm } from "./useProblemForm";

interface EditOptions<Thing, Values extends object, Patch extends object> {
  /** As it is now; what one edits is the version that one began with. */
  thing: Thing;
  valuesOf: (thing: Thing) => Values;
  validate?: NonNullable<UseFormInput<Values>["validate"]>;
  rename?: Readonly<Record<string, string>>;
  /** What differs; nothing when nothing does. */
  patchOf: (before: Values, after: Values) => Patch;
  /** Save on top of a version; fails with 412 when there is another one by now. */
  save: (version: Thing, patch: Patch) => Promise<unknown>;
  read: () => Promise<Thing>;
  onSaved: () => void;
  /** Returns true for an error that it shows itself. */
  onError?: (error: unknown) => boolean;
}

export interface Edit<Values extends object> extends Omit<ProblemForm<Values>, "submit"> {
  onSubmit: (event?: React.SubmitEvent<HTMLFormElement>) => void;
  /** For `<ConflictDialog>`. */
  conflict: Conflict<Values> | undefined;
  onChoose: (values: Values) => void;
  onClose: () => void;
}

export function useEdit<Thing, Values extends object, Patch extends object>(
  options: EditOptions<Thing, Values, Patch>,
): Edit<Values> {
  const { thing, valuesOf, validate, rename, patchOf, save, read, onSaved, onError } = options;
  const [base, setBase] = useState(thing);
  const [lost, setLost] = useState<{ latest: Thing; conflict: Conflict<Values> }>();
  const { submit, ...rest } = useProblemForm<Values>(
    { initialValues: valuesOf(thing), ...(validate && { validate }) },
    rename,
  );

  const saveOver = async (version: Thing, mine: Values): Promise<void> => {
    const before = valuesOf(version);
    try {
      await save(version, patchOf(before, mine));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) throw error;
      const latest = await read();
      const theirs = valuesOf(latest);
      if (Object.keys(patchOf(theirs, mine)).length > 0) {
        setLost({ latest, conflict: { base: before, mine, theirs } });
        return;
      }
    }
    onSaved();
  };

  const onChoose = (values: Values): void => {
    if (lost === undefined) return;
    setBase(lost.latest);
    setLost(undefined);
    rest.form.setValues(values);
    submit((chosen) => saveOver(lost.latest, chosen), onError)();
  };

  return {
    ...rest,
    onSubmit: submit((values) => saveOver(base, values), onError),
    conflict: lost?.conflict,
    onChoose,
    onClose: () => setLost(undefined),
  };
}
