import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { AnchorLink } from "@/components/links";
import { Panel } from "@/components/Panel";
import type { PipelineFigures } from "@/components/platform/queries";
import { QueryState } from "@/components/QueryState";
import { Drawing } from "./Drawing";
import styles from "./PipelinePanel.module.css";

/** The drawing on its card, once there is something to draw. */
export function PipelinePanel({ query }: { query: UseQueryResult<PipelineFigures> }) {
  return (
    <Panel title="Pipeline" aside={<AnchorLink to="/services">All services</AnchorLink>}>
      <QueryState
        query={query}
        what="the pipeline"
        loading={<Skeleton h={280} role="status" aria-label="Loading the pipeline" />}
      >
        {(figures) => (
          <div className={styles.room}>
            <Drawing figures={figures} />
          </div>
        )}
      </QueryState>
    </Panel>
  );
}
