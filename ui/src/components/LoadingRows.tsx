import { Skeleton, Stack } from "@mantine/core";

/** Where rows will be. */
export function LoadingRows({ what, count = 6 }: { what: string; count?: number }) {
  return (
    <Stack gap="md" p="md" role="status" aria-label={`Loading the ${what}`}>
      {Array.from({ length: count }, (_, place) => (
        <Skeleton key={place} h={20} />
      ))}
    </Stack>
  );
}
