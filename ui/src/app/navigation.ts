/** Which pages there are, in the order of the menu, and who may see them. */

import IconAddressBook from "@tabler/icons-react/icons/IconAddressBook";
import IconBell from "@tabler/icons-react/icons/IconBell";
import IconBolt from "@tabler/icons-react/icons/IconBolt";
import IconFilter from "@tabler/icons-react/icons/IconFilter";
import IconKey from "@tabler/icons-react/icons/IconKey";
import IconLayoutDashboard from "@tabler/icons-react/icons/IconLayoutDashboard";
import IconMailbox from "@tabler/icons-react/icons/IconMailbox";
import IconPlugConnected from "@tabler/icons-react/icons/IconPlugConnected";
import IconSend from "@tabler/icons-react/icons/IconSend";
import IconServer2 from "@tabler/icons-react/icons/IconServer2";
import IconTestPipe from "@tabler/icons-react/icons/IconTestPipe";
import type { ComponentType } from "react";
import type { Role } from "@/api/session";

export interface Destination {
  to: string;
  title: string;
  icon: ComponentType<{ size?: number | string; "aria-hidden"?: boolean }>;
  roles: readonly Role[];
}

export interface Section {
  title: string;
  destinations: readonly Destination[];
}

const TENANT: readonly Role[] = ["admin", "client"];
const ADMIN: readonly Role[] = ["admin"];

const SECTIONS: readonly Section[] = [
  {
    title: "Watch",
    destinations: [
      { to: "/", title: "Overview", icon: IconLayoutDashboard, roles: TENANT },
      { to: "/notifications", title: "Notifications", icon: IconBell, roles: TENANT },
    ],
  },
  {
    title: "Set up",
    destinations: [
      { to: "/clients", title: "Clients", icon: IconAddressBook, roles: ADMIN },
      { to: "/rules", title: "Rules", icon: IconFilter, roles: TENANT },
      { to: "/endpoints", title: "Endpoints", icon: IconSend, roles: TENANT },
      { to: "/integrations", title: "Integrations", icon: IconPlugConnected, roles: ["admin", "ingest"] },
      { to: "/keys", title: "API keys", icon: IconKey, roles: ADMIN },
    ],
  },
  {
    title: "Try",
    destinations: [
      { to: "/try", title: "Try an alert", icon: IconTestPipe, roles: TENANT },
      { to: "/generator", title: "Alert generator", icon: IconBolt, roles: ADMIN },
    ],
  },
  {
    title: "Run",
    destinations: [
      { to: "/services", title: "Services", icon: IconServer2, roles: ADMIN },
      { to: "/dead-letters", title: "Dead letters", icon: IconMailbox, roles: ADMIN },
    ],
  },
];

const DESTINATIONS = SECTIONS.flatMap(({ destinations }) => destinations);

/** The menu of a role: sections that have something in them. */
export function sectionsFor(role: Role): Section[] {
  return SECTIONS.map(({ title, destinations }) => ({
    title,
    destinations: destinations.filter(({ roles }) => roles.includes(role)),
  })).filter(({ destinations }) => destinations.length > 0);
}

/** Whether a role may open a page; the services decide what it gets there. */
export function mayOpen(role: Role, path: string): boolean {
  const found = DESTINATIONS.find(({ to }) => isUnder(path, to));
  return found === undefined || found.roles.includes(role);
}

/** Whether a path is a page or one below it. */
export function isUnder(path: string, to: string): boolean {
  return path === to || (to !== "/" && path.startsWith(`${to}/`));
}

/** The page of the menu that lies above another one, such as the list above one of its things. */
export const above = (path: string): Destination | undefined =>
  DESTINATIONS.find(({ to }) => path !== to && isUnder(path, to));

/** Where a role begins. */
export const homeOf = (role: Role): string => (role === "ingest" ? "/integrations" : "/");
