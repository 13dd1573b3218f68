/**
 * The URL is the state: what a page shows is in its search parameters, read by a schema, so that links and the back
 * button restore it. What a person mistyped there, or an old link has, is dropped and never an error.
 */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

type Raw = string | readonly string[] | undefined;
export type RawSearch = Readonly<Record<string, Raw>>;
type Field<Value> = (raw: Raw) => Value | undefined;
type Fields = Readonly<Record<string, Field<unknown>>>;

export type SearchOf<Schema> = Schema extends (raw: Record<string, unknown>) => infer Search ? Search : never;
type Parsed<Shape extends Fields> = { [Name in keyof Shape]?: Exclude<ReturnType<Shape[Name]>, undefined> };

/** Make a schema of fields; the router calls it with what the address has. */
export function searchSchema<Shape extends Fields>(shape: Shape): (raw: Record<string, unknown>) => Parsed<Shape> {
  return (raw) => {
    const found: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(shape)) {
      const value = field(raw[name] as Raw);
      if (value !== undefined) found[name] = value;
    }
    return found as Parsed<Shape>;
  };
}

const first = (raw: Raw): string | undefined =>
  Array.isArray(raw) ? (raw as string[])[0] : (raw as string | undefined);
const all = (raw: Raw): readonly string[] => (raw === undefined ? [] : typeof raw === "string" ? [raw] : raw);

export function text(): Field<string> {
  return (raw) => first(raw) || undefined;
}

export function oneOf<const Value extends string>(values: readonly Value[]): Field<Value> {
  return (raw) => values.find((value) => value === first(raw));
}

export function listOf<const Value extends string>(values: readonly Value[]): Field<Value[]> {
  return (raw) => {
    const given = all(raw);
    const found = values.filter((value) => given.includes(value));
    return found.length > 0 ? found : undefined;
  };
}

export function texts(most = 100): Field<string[]> {
  return (raw) => {
    const found = all(raw).filter((value) => value !== "");
    return found.length > 0 ? found.slice(-most) : undefined;
  };
}

export function flag(): Field<boolean> {
  return (raw) => ({ true: true, false: false })[String(first(raw))];
}

export function whole(least: number, most: number): Field<number> {
  return (raw) => {
    const number = Number(first(raw) || Number.NaN);
    return Number.isInteger(number) && number >= least && number <= most ? number : undefined;
  };
}

/** A moment, as RFC 3339. */
export function time(): Field<string> {
  return (raw) => {
    const given = first(raw);
    return given !== undefined && !Number.isNaN(Date.parse(given)) ? given : undefined;
  };
}

/** Read `?a=1&b=x&b=y`: text, or a list of texts where a name is repeated. */
export function parseSearch(search: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = found[name];
    found[name] = before === undefined ? value : [before, value].flat();
  }
  return found;
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    const values = (Array.isArray(value) ? value : [value]) as (string | number | boolean | null | undefined)[];
    for (const each of values) {
      if (each !== undefined && each !== null && each !== "") parameters.append(name, String(each));
    }
  }
  const written = parameters.toString();
  return written === "" ? "" : `?${written}`;
}

interface UrlStateOptions {
  /** Typing in a search box should not fill the history. */
  replace?: boolean;
  /** Leaves what is not saved on the page, without a question. */
  ignoreBlocker?: boolean;
}

/** Read and change this page's search parameters; `undefined` takes one away. */
export function useUrlState<Search extends object>(
  schema: (raw: Record<string, unknown>) => Search,
): [Search, (changes: { [Name in keyof Search]?: Search[Name] | undefined }, options?: UrlStateOptions) => void] {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const search = useMemo(() => schema(raw), [schema, raw]);
  const change = useCallback(
    (
      changes: { [Name in keyof Search]?: Search[Name] | undefined },
      { replace = false, ignoreBlocker = false }: UrlStateOptions = {},
    ) => {
      void navigate({
        to: ".",
        search: ((before: Record<string, unknown>) => ({ ...before, ...changes })) as never,
        replace,
        ignoreBlocker,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, change];
}
