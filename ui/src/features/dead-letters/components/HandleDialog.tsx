import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { formatNumber, plural } from "@/components/numbers";
import { useHandleLetters, type Verb, type Which } from "../api/handle";

export interface Order {
  verb: Verb;
  which: Which;
}

const VERBS = {
  replay: {
    word: "Replay",
    done: "replayed",
    meaning: (one: boolean) =>
      one
        ? "It goes back to where it was refused, and is handled as if it came now. If it is still wrong, it is refused again and comes back to this list."
        : "They go back to where they were refused, and are handled as if they came now. One that is still wrong is refused again and comes back to this list.",
  },
  drop: {
    word: "Drop",
    done: "dropped",
    meaning: (one: boolean) =>
      one
        ? "Nothing lists it any more, and nobody is told of what it says. This cannot be undone."
        : "Nothing lists them any more, and nobody is told of what they say. This cannot be undone.",
  },
} as const;

interface HandleDialogProps {
  order: Order | undefined;
  onClose: () => void;
  onDone?: () => void;
}

const countOf = (which: Which | undefined): number =>
  which === undefined ? 0 : "letters" in which ? which.letters.length : which.count;

/** Asks once more, with the number, before letters are replayed or dropped. */
export function HandleDialog({ order, onClose, onDone }: HandleDialogProps) {
  const handle = useHandleLetters();
  const { word, done, meaning } = VERBS[order?.verb ?? "replay"];
  const count = countOf(order?.which);
  const all = order !== undefined && !("letters" in order.which);
  const one = count === 1;
  const letters = plural(count, "letter");
  const onConfirm = async (): Promise<void> => {
    if (order === undefined) return;
    const number = await handle(order.verb, order.which);
    const rest = number < count ? " The others were gone, or somebody else was faster." : "";
    notifications.show({ message: `${plural(number, "letter")} ${done}.${rest}` });
    onDone?.();
  };
  return (
    <ConfirmDialog
      opened={order !== undefined}
      onClose={onClose}
      title={`${word} ${one ? "this letter" : all ? `all ${letters}` : letters}?`}
      confirm={`${word} ${letters}`}
      danger={order?.verb === "drop"}
      typed={all && order.verb === "drop" && count > 1 ? formatNumber(count).replaceAll(",", "") : undefined}
      onConfirm={onConfirm}
    >
      <Text size="sm">{meaning(one)}</Text>
    </ConfirmDialog>
  );
}
