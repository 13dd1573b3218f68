import { AppShell, Burger, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSession } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { useNow } from "@/components/now";
import { PageHeader } from "@/components/PageHeader";
import { Version } from "@/components/platform/Version";
import { timeZone } from "@/components/time";
import { ColorSchemeSwitch } from "./ColorSchemeSwitch";
import { mayOpen } from "./navigation";
import { NavigationMenu } from "./NavigationMenu";
import { Palette, PaletteButton } from "./Palette";
import styles from "./Shell.module.css";
import { Shortcuts } from "./Shortcuts";
import { useFocusAfterNavigation } from "./useFocusAfterNavigation";
import { UserMenu } from "./UserMenu";
import { WayUp } from "./WayUp";

/** What is around every page: the menu, the header, the footer. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const session = useSession();
  useEffect(close, [pathname, close]);
  const main = useRef<HTMLElement>(null);
  useFocusAfterNavigation(main);
  return (
    <>
      <a href="#main" className={styles.skip}>
        Skip to the content
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !opened } }}
        padding={{ base: "sm", sm: "lg" }}
      >
        <AppShell.Header className={styles.bar}>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={opened}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={opened ? "Close the menu" : "Open the menu"}
                aria-expanded={opened}
              />
              <img src="/icon.svg" alt="" width={26} height={26} />
              <Text fw={700}>alerting</Text>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <PaletteButton />
              <ColorSchemeSwitch />
              <UserMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={styles.bar} aria-label="Pages">
          <NavigationMenu role={session.role} />
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1} className={styles.main} ref={main}>
          <div className={styles.page}>
            {mayOpen(session.role, pathname) ? (
              <>
                <WayUp path={pathname} />
                <Outlet />
              </>
            ) : (
              <NotForYou />
            )}
          </div>
          <Footer version={session.version} />
        </AppShell.Main>
      </AppShell>
      <Palette />
      <Shortcuts />
    </>
  );
}

function NotForYou() {
  return (
    <>
      <PageHeader title="No access" />
      <EmptyState title="Your key may not see this page" hint="Log in with an administrator’s key to open it." />
    </>
  );
}

function Footer({ version }: { version: string }) {
  const now = useNow();
  return (
    <footer className={styles.footer}>
      <span>Times in {timeZone(now)}</span>
      <span>
        alerting <Version value={version} />
      </span>
    </footer>
  );
}
