import { Alert, Button, Group, Text } from "@mantine/core";
import IconKey from "@tabler/icons-react/icons/IconKey";
import { describeError } from "@/api/problem";
import { useCreateKey } from "@/api/keys";
import { useSession } from "@/api/session";
import { CopyField } from "@/components/CopyField";
import { FormError } from "@/components/FormError";

interface OwnKeyProps {
  /** Of the integration. */
  name: string;
  secret: string | undefined;
  onSecret: (secret: string) => void;
}

/** Makes the integration a key that can send alerts and nothing else, and shows it once. */
export function OwnKey({ name, secret, onSecret }: OwnKeyProps) {
  const { role } = useSession();
  const create = useCreateKey();
  if (role !== "admin") {
    return (
      <Text size="sm">Put a key that may send alerts in the place of YOUR-KEY. An administrator can make one.</Text>
    );
  }
  if (secret !== undefined) {
    return (
      <Alert color="yellow" icon={<IconKey aria-hidden />} title="This is the only time that the key is shown">
        <Text size="sm" mb={4}>
          It is in the configuration below. Copy it before you leave this page.
        </Text>
        <CopyField value={secret} label="the key" />
      </Alert>
    );
  }
  const make = (): void =>
    create.mutate({ name: `${name} (integration)`, scope: "ingest" }, { onSuccess: ({ key }) => onSecret(key) });
  return (
    <div>
      <Group gap="sm">
        <Button leftSection={<IconKey size={16} aria-hidden />} loading={create.isPending} onClick={make}>
          Make a key for it
        </Button>
        <Text size="sm" c="dimmed">
          It can send alerts and nothing else, and stands in the configuration then.
        </Text>
      </Group>
      <FormError>{create.isError ? describeError(create.error) : undefined}</FormError>
    </div>
  );
}
