import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderPage } from "@/test/render";
import type { NotificationDetail } from "../api/getNotification";
import { NotificationFacts } from "./NotificationFacts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const notification = (traceId: string | null) =>
  ({ id: "n1", client_id: "acme", alert_id: "a1", source: "db", trace_id: traceId }) as NotificationDetail;

it("shows the trace of a traced alert, to be copied", async () => {
  const user = userEvent.setup();
  await renderPage(<NotificationFacts notification={notification(TRACE)} />);
  screen.getByText(TRACE);
  await user.click(screen.getByRole("button", { name: "Copy the trace’s id" }));
  expect(await navigator.clipboard.readText()).toBe(TRACE);
});

it("says nothing of traces where there is none", async () => {
  await renderPage(<NotificationFacts notification={notification(null)} />);
  screen.getByText("a1");
  expect(screen.queryByText("Trace")).toBeNull();
});
