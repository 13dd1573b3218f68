/** Every address there is. What a page's search parameters are is in its feature's `search.ts`; the page comes lazily. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ApiError } from "@/api/problem";
import { roleOf, sessionQuery } from "@/api/session";
import { thingSearch } from "@/components/thingSearch";
import { flag, parseSearch, searchSchema, stringifySearch, text } from "@/components/urlState";
import { clientsSearch } from "@/features/clients/search";
import { deadLettersSearch } from "@/features/dead-letters/search";
import { endpointsSearch } from "@/features/endpoints/search";
import { generatorSearch } from "@/features/generator/search";
import { integrationsSearch } from "@/features/integrations/search";
import { keysSearch } from "@/features/keys/search";
import { notificationsSearch } from "@/features/notifications/search";
import { overviewSearch } from "@/features/overview/search";
import { newRuleSearch, rulesSearch } from "@/features/rules/search";
import { servicesSearch } from "@/features/services/search";
import { tryAlertSearch } from "@/features/try-alert/search";
import { homeOf, mayOpen } from "./navigation";
import { NotFound } from "./NotFound";
import { PageError } from "./PageError";
import { Pending } from "./Pending";
import { queryClient, whenSessionEnds } from "./queryClient";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Outlet });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: searchSchema({ next: text(), ended: flag() }),
  component: lazyRouteComponent(() => import("@/features/login/routes/LoginPage"), "LoginPage"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      const role = roleOf(await queryClient.query({ ...sessionQuery, staleTime: "static" }));
      if (location.pathname === "/" && !mayOpen(role, "/")) throw redirect({ to: homeOf(role), replace: true });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: "/login", search: { next: location.href }, replace: true });
    }
  },
});

const getParentRoute = () => shell;

const pages = [
  createRoute({
    getParentRoute,
    path: "/",
    validateSearch: overviewSearch,
    component: lazyRouteComponent(() => import("@/features/overview/routes/OverviewPage"), "OverviewPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/notifications",
    validateSearch: notificationsSearch,
    component: lazyRouteComponent(
      () => import("@/features/notifications/routes/NotificationsPage"),
      "NotificationsPage",
    ),
  }),
  createRoute({
    getParentRoute,
    path: "/notifications/$notificationId",
    component: lazyRouteComponent(() => import("@/features/notifications/routes/NotificationPage"), "NotificationPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/clients",
    validateSearch: clientsSearch,
    component: lazyRouteComponent(() => import("@/features/clients/routes/ClientsPage"), "ClientsPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/clients/$clientId",
    validateSearch: thingSearch,
    component: lazyRouteComponent(() => import("@/features/clients/routes/ClientPage"), "ClientPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/rules",
    validateSearch: rulesSearch,
    component: lazyRouteComponent(() => import("@/features/rules/routes/RulesPage"), "RulesPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/rules/new",
    validateSearch: newRuleSearch,
    component: lazyRouteComponent(() => import("@/features/rules/routes/NewRulePage"), "NewRulePage"),
  }),
  createRoute({
    getParentRoute,
    path: "/rules/$ruleId",
    validateSearch: thingSearch,
    component: lazyRouteComponent(() => import("@/features/rules/routes/RulePage"), "RulePage"),
  }),
  createRoute({
    getParentRoute,
    path: "/endpoints",
    validateSearch: endpointsSearch,
    component: lazyRouteComponent(() => import("@/features/endpoints/routes/EndpointsPage"), "EndpointsPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/endpoints/$endpointId",
    validateSearch: thingSearch,
    component: lazyRouteComponent(() => import("@/features/endpoints/routes/EndpointPage"), "EndpointPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/integrations",
    validateSearch: integrationsSearch,
    component: lazyRouteComponent(() => import("@/features/integrations/routes/IntegrationsPage"), "IntegrationsPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/integrations/$integration",
    component: lazyRouteComponent(() => import("@/features/integrations/routes/IntegrationPage"), "IntegrationPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/keys",
    validateSearch: keysSearch,
    component: lazyRouteComponent(() => import("@/features/keys/routes/KeysPage"), "KeysPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/try",
    validateSearch: tryAlertSearch,
    component: lazyRouteComponent(() => import("@/features/try-alert/routes/TryAlertPage"), "TryAlertPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/generator",
    validateSearch: generatorSearch,
    component: lazyRouteComponent(() => import("@/features/generator/routes/GeneratorPage"), "GeneratorPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/generator/$jobId",
    component: lazyRouteComponent(() => import("@/features/generator/routes/JobPage"), "JobPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/services",
    validateSearch: servicesSearch,
    component: lazyRouteComponent(() => import("@/features/services/routes/ServicesPage"), "ServicesPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/services/$service",
    validateSearch: servicesSearch,
    component: lazyRouteComponent(() => import("@/features/services/routes/ServicePage"), "ServicePage"),
  }),
  createRoute({
    getParentRoute,
    path: "/dead-letters",
    validateSearch: deadLettersSearch,
    component: lazyRouteComponent(() => import("@/features/dead-letters/routes/DeadLettersPage"), "DeadLettersPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/dead-letters/$topic/$partition/$offset",
    component: lazyRouteComponent(() => import("@/features/dead-letters/routes/DeadLetterPage"), "DeadLetterPage"),
  }),
  createRoute({ getParentRoute, path: "$", component: NotFound }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([login, shell.addChildren(pages)]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultErrorComponent: PageError,
  defaultPendingComponent: Pending,
  scrollRestoration: true,
});

whenSessionEnds(() => {
  const next = router.state.location.href;
  return router.navigate({ to: "/login", search: { next, ended: true }, replace: true, ignoreBlocker: true });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
