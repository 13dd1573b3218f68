import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { SEVERITIES } from "@/components/Severity";
import { useUrlState } from "@/components/urlState";
import { matchQuery, type TriedAlert } from "../api/matchAlert";
import { AlertFields } from "../components/AlertFields";
import { Outcome } from "../components/Outcome";
import { PastedAlert } from "../components/PastedAlert";
import styles from "../components/TryAlert.module.css";
import { tryAlertSearch } from "../search";

type Way = "fields" | "paste";

export function TryAlertPage() {
  const [search, change] = useUrlState(tryAlertSearch);
  const [way, setWay] = useState<Way>("fields");
  const { severity, source, name } = search;
  const alert = severity && source && name ? { ...search, severity, source, name } : undefined;
  return (
    <>
      <PageHeader
        title="Try an alert"
        hint="See who would be told of an alert, by which rules and why. Nothing is sent."
      />
      <div className={styles.columns}>
        <div className={`surface ${styles.form}`}>
          <SegmentedControl
            aria-label="How to enter the alert"
            value={way}
            onChange={setWay}
            data={[
              { value: "fields", label: "Enter it" },
              { value: "paste", label: "Paste it" },
            ]}
            fullWidth
          />
          {way === "fields" ? (
            <AlertFields search={search} onTry={change} />
          ) : (
            <PastedAlert
              chosen={search}
              onChoose={({ severity, source, name }) =>
                change({ severity: SEVERITIES.find((each) => each === severity), source, name })
              }
            />
          )}
        </div>
        {alert === undefined ? (
          <div className="surface">
            <EmptyState
              title="No alert yet"
              hint="Enter its severity, source and name, or paste one as Prometheus sends it."
            />
          </div>
        ) : (
          <Result alert={alert} />
        )}
      </div>
    </>
  );
}

function Result({ alert }: { alert: TriedAlert }) {
  const query = useQuery(matchQuery(alert));
  return (
    <div style={query.isPlaceholderData ? { opacity: 0.6 } : {}} aria-busy={query.isFetching}>
      <QueryState query={query} what="who would be told">
        {(matching) => <Outcome alert={alert} matching={matching} />}
      </QueryState>
    </div>
  );
}
