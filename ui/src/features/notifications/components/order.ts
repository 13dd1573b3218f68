import type { Delivery } from "../api/getNotification";

const ORDER: readonly Delivery["status"][] = ["FAILED", "PENDING", "EXPIRED", "DELIVERED"];

/** What needs somebody's attention comes first. */
export const byAttention = (deliveries: readonly Delivery[]): Delivery[] =>
  deliveries.toSorted((left, right) => ORDER.indexOf(left.status) - ORDER.indexOf(right.status));
