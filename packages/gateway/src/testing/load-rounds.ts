import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { call } from './raw-call.js';
import { listen } from './replay-upstream.js';
import { startTestGateway } from './test-gateway.js';

const MIB = 1024 * 1024;
const CHAT = '/gateway/openai/v1/chat/completions';

/** Growth of this process's resident memory while `work` runs, at its highest, in MiB. */
async function growthMib(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let highest = before;
  const timer = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  }, 20);
  await work();
  clearInterval(timer);
  return (Math.max(highest, process.memoryUsage.rss()) - before) / MIB;
}

/**
 * Clients that stop reading while the upstream has much to say: what the upstream could hand over, in bytes, and how memory grew.
 * Gateway, upstream and clients share the process, so the figure is above the gateway's own.
 */
export async function slowReaders(
  clients: number,
  bodyMib: number,
): Promise<{ growthMib: number; handedOver: number }> {
  const piece = Buffer.alloc(64 * 1024, 'x');
  let handedOver = 0;
  const upstream = await listen((incoming, response) => {
    incoming.resume();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bodyMib * MIB });
    let left = (bodyMib * MIB) / piece.length;
    const write = (): void => {
      while (left > 0) {
        left -= 1;
        handedOver += piece.length;
        if (!response.write(piece)) {
          response.once('drain', write);
          return;
        }
      }
      response.end();
    };
    write();
  });
  const gateway = await startTestGateway({ openai: upstream.url });
  const { port } = new URL(gateway.url);
  const sockets = Array.from({ length: clients }, () => connect(Number(port), '127.0.0.1').pause());
  const growth = await growthMib(async () => {
    for (const socket of sockets) {
      socket.on('error', () => {});
      socket.write(`POST ${CHAT} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}`);
    }
    // Until nothing moves any more: every buffer on the way is full.
    for (let before = -1; before !== handedOver || gateway.gateway.activeCalls < clients; ) {
      before = handedOver;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  });
  for (const socket of sockets) socket.destroy();
  await gateway.close();
  await upstream.close();
  return { growthMib: growth, handedOver };
}

/** One upload of so many MiB: bytes that the upstream got, and how memory grew. */
export async function upload(bodyMib: number): Promise<{ growthMib: number; receivedBytes: number }> {
  let receivedBytes = 0;
  const upstream = await listen((incoming, response) => {
    incoming.on('data', (chunk: Buffer) => {
      receivedBytes += chunk.length;
    });
    incoming.on('end', () => response.writeHead(200).end('{}'));
  });
  const gateway = await startTestGateway({ openai: upstream.url });
  const piece = Buffer.alloc(64 * 1024, 'x');
  const growth = await growthMib(
    () =>
      new Promise((resolve, reject) => {
        const outgoing = request(gateway.url + CHAT, { method: 'POST' }, (incoming) =>
          incoming.resume().once('end', resolve),
        );
        outgoing.once('error', reject);
        let left = (bodyMib * MIB) / piece.length;
        const write = (): void => {
          while (left > 0) {
            left -= 1;
            if (!outgoing.write(piece)) {
              outgoing.once('drain', write);
              return;
            }
          }
          outgoing.end();
        };
        write();
      }),
  );
  await gateway.close();
  await upstream.close();
  return { growthMib: growth, receivedBytes };
}

/** Streamed calls one after another over a few connections: resident memory after each tenth, in MiB. */
export async function manyStreams(calls: number): Promise<{ rssMib: number[]; recorded: number }> {
  const chunk = (delta: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
  const answer = `${chunk({ role: 'assistant' })}${chunk({ content: 'word ' }).repeat(10)}data: [DONE]\n\n`;
  const upstream = await listen((incoming, response) => {
    incoming.resume();
    incoming.once('end', () => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(answer));
  });
  let recorded = 0;
  const gateway = await startTestGateway(
    { openai: upstream.url },
    {
      sink: (spans) => {
        recorded += spans.filter(({ kind, endUnixNano }) => kind === 3 && endUnixNano !== 0n).length;
      },
    },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const body = JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'Hi' }] });
  const rssMib: number[] = [];
  for (let tenth = 0; tenth < 10; tenth += 1) {
    let left = calls / 10;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await call(gateway.url + CHAT, { agent, body });
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    await gateway.gateway.flush();
    rssMib.push(process.memoryUsage.rss() / MIB);
  }
  agent.destroy();
  await gateway.close();
  await upstream.close();
  return { rssMib, recorded };
}
