import IconAlertTriangle from "@tabler/icons-react/icons/IconAlertTriangle";
import IconBan from "@tabler/icons-react/icons/IconBan";
import IconCheck from "@tabler/icons-react/icons/IconCheck";
import IconHourglass from "@tabler/icons-react/icons/IconHourglass";
import IconHourglassOff from "@tabler/icons-react/icons/IconHourglassOff";
import IconPlugConnectedX from "@tabler/icons-react/icons/IconPlugConnectedX";
import IconPower from "@tabler/icons-react/icons/IconPower";
import IconQuestionMark from "@tabler/icons-react/icons/IconQuestionMark";
import { Tone } from "@/components/Tone";
import type { ServiceState } from "./state";

const ICONS = {
  works: IconCheck,
  down: IconPlugConnectedX,
  stuck: IconHourglassOff,
  behind: IconHourglass,
  errors: IconAlertTriangle,
  aside: IconAlertTriangle,
  refused: IconBan,
  off: IconPower,
  unknown: IconQuestionMark,
};

/** How a service fares: a word, an icon and a colour; why, in the tooltip. */
export function StateWord({ state }: { state: ServiceState }) {
  return (
    <Tone tone={state.tone} icon={ICONS[state.state]} title={state.why}>
      {state.word}
    </Tone>
  );
}
