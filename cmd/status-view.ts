import { systemClock } from '../src/clock.ts';
import { canColor, canRedraw } from '../src/report/choose.ts';
import { lineText } from '../src/report/status-cells.ts';
import type { Wording } from '../src/report/status-detail.ts';
import { statusLines } from '../src/report/status-text.ts';
import {
  AppendedStatus,
  RedrawnStatus,
  type Screen,
  type StatusView,
} from '../src/report/status-watch.ts';
import { wholeSeconds } from '../src/report/wording.ts';
import type { Overview } from '../src/status/overview.ts';
import type { CommandIo, StatusOptions } from './options.ts';

/** Counts up when a reader of the JSON would have to change. */
const JSON_VERSION = 2;

function wordingOf({ config }: StatusOptions): Wording {
  return {
    nowMs: systemClock.wallMs(),
    flags: config === undefined ? [] : ['-config', config],
  };
}

/** Shows a status as the command line asks for, and as its output can. */
export function statusView(options: StatusOptions, io: CommandIo): (overview: Overview) => void {
  const view = viewFor(options, io);
  return (overview) => view.show(overview, wordingOf(options));
}

function viewFor(options: StatusOptions, io: CommandIo): StatusView {
  const { env, redactor } = io;
  const { watchMs } = options;
  const stdout: Screen = {
    write: (text) => io.stdout.write(redactor?.redact(text) ?? text),
    get columns() {
      return io.stdout.columns;
    },
    get rows() {
      return io.stdout.rows;
    },
  };
  if (options.output === 'json') return jsonView(stdout);
  const useColor = canColor(io.stdout, env);
  if (watchMs === undefined) return onceView(stdout, useColor);
  return canRedraw(io.stdout, env)
    ? new RedrawnStatus(stdout, { useColor, every: wholeSeconds(watchMs) })
    : new AppendedStatus(stdout);
}

type Output = Pick<Screen, 'write'>;

function onceView(stdout: Output, useColor: boolean): StatusView {
  return {
    show(overview, wording) {
      const lines = statusLines(overview, wording).map((line) => lineText(line, { useColor }));
      stdout.write(`${lines.join('\n')}\n`);
    },
  };
}

/** One document a line; when watched, another one whenever something has changed. */
function jsonView(stdout: Output): StatusView {
  let known = '';
  return {
    show(overview, { nowMs }) {
      const text = JSON.stringify(overview);
      if (text === known) return;
      known = text;
      const time = new Date(nowMs).toISOString();
      stdout.write(`${JSON.stringify({ schemaVersion: JSON_VERSION, time, ...overview })}\n`);
    },
  };
}
