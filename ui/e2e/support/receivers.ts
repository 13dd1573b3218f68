/** Receivers of webhooks on loopback, each of which answers as it is told to. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answer {
  status: number;
  body: string;
}

interface Receivers {
  url: string;
  stop: () => Promise<void>;
}

const GOOD: Answer = { status: 200, body: '{"received": true}' };

/**
 * `POST /hook/NAME` is a receiver: it answers 200 unless told otherwise, and remembers how often it was asked.
 * `PUT /answers/NAME` tells it what to answer from now on; status 0: nothing at all. `GET /answers/NAME` is how often it was asked.
 */
export async function startReceivers(): Promise<Receivers> {
  const answers = new Map<string, Answer>();
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    void serve(request, response, answers, asked);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => close(server) };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answers: Map<string, Answer>,
  asked: Map<string, number>,
): Promise<void> {
  const [, what, name = ""] = (request.url ?? "").split("/");
  const body = await text(request);
  if (what === "hook") {
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const { status, body: answer } = answers.get(name) ?? GOOD;
    if (status > 0) response.writeHead(status, { "content-type": "application/json" }).end(answer);
  } else if (request.method === "PUT") {
    answers.set(name, JSON.parse(body) as Answer);
    response.writeHead(204).end();
  } else {
    response.end(String(asked.get(name) ?? 0));
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
