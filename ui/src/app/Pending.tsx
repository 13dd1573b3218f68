import { Center, Loader } from "@mantine/core";

/** In a page's place while it is fetched, once that takes a second. */
export function Pending() {
  return (
    <Center py="20vh" role="status" aria-label="Loading">
      <Loader aria-hidden />
    </Center>
  );
}
