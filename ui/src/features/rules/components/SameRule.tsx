import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/problem";
import { FormError } from "@/components/FormError";
import { AnchorLink } from "@/components/links";
import { overlapsQuery, type Pattern } from "../api/overlaps";
import { inWords } from "./sentence";

/** Remember which pattern another rule has already; return it with what takes the form's errors. */
export function useTakenPattern(pattern: Pattern): [Pattern | undefined, (error: unknown) => boolean] {
  const [taken, setTaken] = useState<Pattern>();
  const onError = (error: unknown): boolean => {
    if (!(error instanceof ApiError) || error.status !== 409) return false;
    if (!error.faults.some(({ field }) => field === "name")) return false;
    setTaken(pattern);
    return true;
  };
  // Once something else is written, it says nothing any more.
  return [JSON.stringify(taken) === JSON.stringify(pattern) ? taken : undefined, onError];
}

/** There is a rule for the very same alerts: which, and the way to it. */
export function SameRule({ pattern, except }: { pattern: Pattern | undefined; except?: string }) {
  return pattern && <Taken pattern={pattern} except={except} />;
}

function Taken({ pattern, except }: { pattern: Pattern; except: string | undefined }) {
  const { data } = useQuery(overlapsQuery(pattern, except));
  const same = data?.items.find(({ relation }) => relation === "same")?.rule;
  return (
    <FormError>
      The client has a rule for exactly these alerts already:{" "}
      {same === undefined ? (
        inWords(pattern)
      ) : (
        <AnchorLink to="/rules/$ruleId" params={{ ruleId: same.id }} inherit underline="always">
          {inWords(same)}
        </AnchorLink>
      )}
      . Change that one, or let this one match others.
    </FormError>
  );
}
