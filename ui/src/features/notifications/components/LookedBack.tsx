import { Button, Group, Text } from "@mantine/core";
import { absoluteTime } from "@/components/time";

interface LookedBackProps {
  to: string;
  onFurther: () => void;
}

/** The search stopped there, so that it answers quickly: what is older was not looked at. */
export function LookedBack({ to, onFurther }: LookedBackProps) {
  return (
    <Group gap="sm" mt="sm" justify="center" role="status">
      <Text size="sm" c="dimmed">
        Looked back to {absoluteTime(new Date(to))}.
      </Text>
      <Button size="xs" variant="default" onClick={onFurther}>
        Look further back
      </Button>
    </Group>
  );
}
