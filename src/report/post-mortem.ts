import { closeSync, openSync, writeFileSync } from 'node:fs';
import { type Logger, pino } from 'pino';
import type { CallLog } from '../aws/call-log.ts';
import type { Clock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import type { DeployEvent, Reporter } from './events.ts';
import type { Redactor } from './redactor.ts';

/** A log for whoever has to find out later what happened: JSON lines, one for each AWS call. */
export interface PostMortem {
  readonly log: Logger;
  /** Closes the file. What is logged afterwards is lost. */
  readonly close: () => void;
}

export interface PostMortemOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/** Masked whatever their values are; the redactor knows values only. */
const SECRET_KEYS = ['authorization', 'password', 'secretAccessKey', 'sessionToken', 'token'];

/**
 * Opens the log for appending, readable by its owner only; its folder must exist. Every line is in
 * the file before the call returns: nothing is lost when the process dies in the next instant.
 *
 * This module loads pino: import it when a log is asked for, not before.
 * @throws {UsageError} when the file can't be opened.
 */
export function openPostMortem({ path, clock, redactor }: PostMortemOptions): PostMortem {
  const file = openLog(path);
  const log = pino(
    {
      level: 'debug',
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date(clock.wallMs()).toISOString()}"`,
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '***' },
    },
    { write: (line: string) => file.append(redactLine(line, redactor)) },
  );
  return { log, close: () => file.close() };
}

/** Text by text: a secret that consists of digits is also part of times and durations. */
function redactLine(line: string, redactor: Redactor): string {
  const redacted = JSON.stringify(JSON.parse(line), (key, value: unknown) =>
    typeof value === 'string' && key !== 'type' ? redactor.redact(value) : value,
  );
  return `${redacted}\n`;
}

function openLog(path: string): { append(line: string): void; close(): void } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'a', 0o600);
  } catch (error) {
    throw new UsageError(`The log file can't be opened: ${(error as Error).message}`, {
      hint: 'Name a file in a folder that exists and may be written to.',
      cause: error,
    });
  }
  return {
    append(line) {
      if (descriptor === undefined) return;
      try {
        writeFileSync(descriptor, line);
      } catch {
        // A full disk must not end a deploy half-way: it goes on without its log.
      }
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

/** A reporter that shows events as `reporter` does and also writes them to the log. */
export function logEvents(reporter: Reporter, log: Logger): Reporter {
  return {
    event(event) {
      log[levelOf(event)]({ event }, event.type);
      reporter.event(event);
    },
    close: () => reporter.close(),
  };
}

function levelOf({ type }: DeployEvent): 'debug' | 'error' | 'info' | 'warn' {
  if (type === 'step.failed' || type === 'deploy.failed') return 'error';
  if (type === 'warning') return 'warn';
  return type === 'wait.progressed' || type === 'command.output' ? 'debug' : 'info';
}

/** Logs every attempt of every AWS call; those that failed as warnings. */
export function createCallLog(log: Logger): CallLog {
  return (call) => {
    log[call.error === undefined ? 'info' : 'warn'](call, `${call.service}.${call.operation}`);
  };
}
