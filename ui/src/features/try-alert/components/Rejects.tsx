import { Alert, Code, List } from "@mantine/core";
import { sentence } from "@/api/problem";
import type { Preview } from "../api/previewAlert";

/** What ingest would refuse, and why. */
export function Rejects({ rejects }: Pick<Preview, "rejects">) {
  if (rejects.length === 0) return null;
  return (
    <Alert color="red" title="This would be refused" py="xs">
      <List size="sm">
        {rejects.map(({ item, field, message }, place) => (
          <List.Item key={place}>
            {typeof item === "number" && `Alert ${item + 1}: `}
            {field === "body" ? (
              sentence(message)
            ) : (
              <>
                <Code>{field}</Code> {message}.
              </>
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
