/** What goes wrong between here and a service, as one kind of error that says what to show. */

export interface Fault {
  field: string;
  message: string;
  item?: number;
}

interface ProblemDocument {
  title?: string;
  detail?: string;
  errors?: Fault[];
}

export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** Of the answer; 0 when there was none. */
    readonly status: number,
    /** A sentence for people. */
    readonly detail: string,
    readonly faults: readonly Fault[] = [],
    /** When the service asks to wait. */
    readonly retryAfterSeconds?: number,
  ) {
    super(detail);
  }

  /** Whether the same request may work later. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const UNREACHABLE = "The service does not answer. Check that alerting is running and that you are online.";

/** Read an answer that is an error; one that is no problem document comes from something in between. */
export async function toApiError(response: Response): Promise<ApiError> {
  const document = await readDocument(response);
  return new ApiError(
    response.status,
    sentence(document.detail ?? document.title ?? `The service answered ${response.status} ${response.statusText}`),
    document.errors ?? [],
    secondsOf(response.headers.get("retry-after")),
  );
}

/** What to tell a person about any error. */
export function describeError(error: unknown): string {
  return error instanceof ApiError ? error.detail : "Something went wrong in this page. Reload it to go on.";
}

/**
 * Split a problem into what belongs to the form's fields and what to show above them.
 * `rename` maps the API's names to the form's where they differ, such as `{ "endpoints.0.value": "value" }`.
 */
export function formErrors(
  error: unknown,
  fields: readonly string[],
  rename: Readonly<Record<string, string>> = {},
): { fields: Record<string, string>; form: string | undefined } {
  if (!(error instanceof ApiError)) return { fields: {}, form: describeError(error) };
  const found: Record<string, string> = {};
  const rest: string[] = [];
  for (const fault of error.faults) {
    const field = rename[fault.field] ?? fault.field;
    // A fault within a list, such as `endpoints.0.value`, stands at the list's own fields.
    if (!fields.includes(field.split(".", 1)[0] ?? field))
      rest.push(fault.field === "body" ? fault.message : `${fault.field}: ${fault.message}`);
    else
      found[field] =
        found[field] === undefined ? sentence(fault.message) : `${found[field]} ${sentence(fault.message)}`;
  }
  const nothingAtFields = Object.keys(found).length === 0;
  if (rest.length > 0) return { fields: found, form: rest.map(sentence).join(" ") };
  return { fields: found, form: nothingAtFields ? error.detail : undefined };
}

/** The API writes its texts in small letters, to be quoted; on a page they are sentences. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const first = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(first) || first === "" ? first : `${first}.`;
}

async function readDocument(response: Response): Promise<ProblemDocument> {
  if (!(response.headers.get("content-type") ?? "").includes("json")) return {};
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? body : {};
  } catch {
    return {};
  }
}

function secondsOf(retryAfter: string | null): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
