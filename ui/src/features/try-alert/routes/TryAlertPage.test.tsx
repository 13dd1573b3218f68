import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { json, renderPage, serve } from "@/test/render";
import type { Matching } from "../api/matchAlert";
import { TryAlertPage } from "./TryAlertPage";

const RULE = { rule_id: "r1", client_id: "acme", description: "", endpoints: [] };

const MATCHING: Matching = {
  rules_version: 7,
  matches: [],
  truncated: false,
  near_misses: [
    {
      ...RULE,
      severity: "HIGH",
      source: "Prometheus",
      name: "DiskFull",
      exact: ["severity", "name"],
      wildcard: [],
      misses: "source",
      wants: "Prometheus",
      has: "prometheus",
    },
  ],
  near_truncated: false,
};

it("tries the alert of the address, and shows what a rule misses it by", async () => {
  const calls = serve({ "POST /api/v1/match": json(MATCHING) });
  const url = "/try?severity=HIGH&source=prometheus&name=DiskFull";
  await renderPage(<TryAlertPage />, { url, session: { scope: "client:acme", client_id: "acme" } });
  await screen.findByRole("heading", { name: /Nobody would be told/ });
  expect(calls[0]?.body).toEqual({ severity: "HIGH", source: "prometheus", name: "DiskFull", near: true });

  const misses = screen.getByRole("region", { name: "1 rule misses by one field" });
  expect(within(misses).getByText(/source has to be/).textContent).toMatch(/Prometheus.*alert has prometheus/);
  expect(within(misses).getByText(/upper and lower case/)).toBeTruthy();
  const make = within(misses).getByRole("link", { name: "Make one that matches" });
  expect(make.getAttribute("href")).toMatch(/^\/rules\/new\?.*source=prometheus.*client_id=acme/);
});

it("puts a pasted alert into the address", async () => {
  const calls = serve({
    "POST /api/v1/preview": json({
      alerts: [{ severity: "CRITICAL", source: "checkout", name: "HighErrorRate", context: {}, firing: true }],
      rejects: [],
      accepted: 1,
      rejected: 0,
    }),
    "POST /api/v1/match": json({ ...MATCHING, near_misses: [] }),
    "GET /api/v1/clients": json({ items: [], next_cursor: null }),
    "GET /api/v1/integrations": json({ items: [{ name: "eu-1" }] }),
  });
  const user = userEvent.setup();
  const { address } = await renderPage(<TryAlertPage />, { url: "/try" });
  await user.click(screen.getByRole("radio", { name: "Paste it" }));
  await user.click(screen.getByLabelText("Alert as JSON"));
  await user.paste('{"labels": {"alertname": "HighErrorRate"}}');
  await user.click(screen.getByRole("combobox", { name: "As one of the integration" }));
  await user.click(await screen.findByRole("option", { name: "eu-1" }));
  await user.click(screen.getByRole("button", { name: "Read it" }));
  await screen.findByRole("heading", { name: /Nobody would be told/ });
  expect(address()).toBe("/try?severity=CRITICAL&source=checkout&name=HighErrorRate");
  expect(calls.find(({ url }) => url.pathname.endsWith("/preview"))?.body).toMatchObject({ integration: "eu-1" });
});
