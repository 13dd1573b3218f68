import { Alert } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useSession } from "@/api/session";
import { NEW_ENDPOINT, valuesOf as endpointValues } from "@/components/endpoints/values";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { useUrlState } from "@/components/urlState";
import { type Original, originalQuery } from "../api/copy";
import { type CreatedRule, newSecrets } from "../api/create";
import { CreatedSecrets } from "../components/CreatedSecrets";
import { NewRuleForm } from "../components/NewRuleForm";
import { titleOf } from "../components/sentence";
import { EMPTY_RULE, type NewRuleValues, valuesOf } from "../components/values";
import { newRuleSearch } from "../search";

/** Makes a rule with its endpoints, from nothing or like another one. */
export function NewRulePage() {
  const [{ copy_of: copyOf, client_id: clientId, severity, source, name }] = useUrlState(newRuleSearch);
  const session = useSession();
  const [created, finish] = useFinish();
  const begin: NewRuleValues = {
    ...EMPTY_RULE,
    ...(severity && { severity }),
    ...(source && { source }),
    ...(name && { name }),
    client_id: session.client_id ?? clientId ?? "",
    endpoints: [{ ...NEW_ENDPOINT }],
  };
  return (
    <>
      <PageHeader title="New rule" hint="Which alerts to tell of, and where." />
      {copyOf === undefined ? (
        <NewRuleForm initial={begin} created={created} onCreated={finish} />
      ) : (
        <Copy key={copyOf} of={copyOf} created={created} onCreated={finish} />
      )}
      <CreatedSecrets created={created} />
    </>
  );
}

interface CopyProps {
  of: string;
  created: CreatedRule | undefined;
  onCreated: (created: CreatedRule) => void;
}

function Copy({ of, created, onCreated }: CopyProps) {
  const query = useQuery(originalQuery(of));
  return (
    <QueryState query={query} what="the rule to copy">
      {(original) => (
        <>
          <Alert color="blue" mb="md" title={`A copy of “${titleOf(original.rule)}”`}>
            A client has one rule for the same severity, source and name: change at least one of them.
          </Alert>
          <NewRuleForm initial={copyFrom(original)} created={created} onCreated={onCreated} />
        </>
      )}
    </QueryState>
  );
}

const copyFrom = ({ rule, endpoints }: Original): NewRuleValues => ({
  ...valuesOf(rule),
  client_id: rule.client_id,
  endpoints: endpoints.map(endpointValues),
});

/** Go to the rule that was made, by way of the secrets that are shown once. */
function useFinish(): [CreatedRule | undefined, (created: CreatedRule) => void] {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [created, setCreated] = useState<CreatedRule>();
  const finish = (made: CreatedRule): void => {
    for (const each of ["rules", "endpoints", "clients"]) void queries.invalidateQueries({ queryKey: [each] });
    if (newSecrets(made).length > 0) setCreated(made);
    else void navigate({ to: "/rules/$ruleId", params: { ruleId: made.id } });
  };
  return [created, finish];
}
