import { useMantineColorScheme } from "@mantine/core";
import type { SpotlightActionGroupData } from "@mantine/spotlight";
import IconBolt from "@tabler/icons-react/icons/IconBolt";
import IconMoon from "@tabler/icons-react/icons/IconMoon";
import IconPlus from "@tabler/icons-react/icons/IconPlus";
import { useNavigate } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { mayOpen, sectionsFor } from "./navigation";

/** The pages and deeds that the palette offers to this key. */
export function usePaletteActions(): SpotlightActionGroupData[] {
  const { role } = useSession();
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const pages = sectionsFor(role)
    .flatMap(({ destinations }) => destinations)
    .map(({ to, title, icon: Icon }) => ({
      id: `page:${to}`,
      label: title,
      leftSection: <Icon size={18} aria-hidden />,
      onClick: () => void navigate({ to }),
    }));
  const deeds = [
    { to: "/rules/new", label: "New rule", icon: IconPlus },
    { to: "/generator", label: "Generate alerts", icon: IconBolt },
  ]
    .filter(({ to }) => mayOpen(role, to))
    .map(({ to, label, icon: Icon }) => ({
      id: `deed:${to}`,
      label,
      leftSection: <Icon size={18} aria-hidden />,
      onClick: () => void navigate({ to }),
    }));
  const scheme = {
    id: "deed:scheme",
    label: "Switch between light and dark",
    leftSection: <IconMoon size={18} aria-hidden />,
    onClick: toggleColorScheme,
  };
  return [
    { group: "Pages", actions: pages },
    { group: "Actions", actions: [...deeds, scheme] },
  ];
}
