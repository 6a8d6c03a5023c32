import type { World } from '../world/world.ts';
import { BadInputError, parsedJson } from './bad-input.ts';
import type { CallLog } from './call-log.ts';
import { checkedFaultRules } from './fault-rules.ts';
import type { Faults } from './faults.ts';
import { textOf, textResponse, type WireRequest, type WireResponse } from './message.ts';
import { checkedSettings } from './settings-schema.ts';

/** Pages of the admin API: what to show, by the last part of the address. */
export type Views = Readonly<Record<string, () => unknown>>;

/** What a person or a test asks the sandbox itself: `/_sandbox/…`, JSON, no credentials. */
export class Admin {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #views: Views;

  constructor(sources: { world: World; faults: Faults; calls: CallLog; views: Views }) {
    this.#world = sources.world;
    this.#faults = sources.faults;
    this.#views = {
      health: () => ({ status: 'ok' }),
      faults: () => ({ rules: sources.faults.rules(), matches: sources.faults.matches() }),
      calls: () => ({ count: sources.calls.count, calls: sources.calls.entries() }),
      settings: () => sources.world.settings,
      ...sources.views,
    };
  }

  handle(request: WireRequest): WireResponse {
    try {
      return this.#answer(request);
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      return json(400, { message: error.message });
    }
  }

  #answer(request: WireRequest): WireResponse {
    const { method } = request;
    const [page = '', item] = (request.path.split('?')[0] ?? '')
      .slice('/_sandbox/'.length)
      .split('/');
    const view = Object.hasOwn(this.#views, page) ? this.#views[page] : undefined;
    if (!view) {
      return json(404, {
        message: `There is no /_sandbox/${page}, only ${Object.keys(this.#views).join(', ')}.`,
      });
    }
    if (method === 'GET' && item === undefined) return json(200, view());
    if (method === 'POST' && page === 'faults') return json(201, this.#addFaults(request));
    if (method === 'DELETE' && page === 'faults') return this.#removeFaults(item);
    if (method === 'PATCH' && page === 'settings') {
      Object.assign(this.#world.settings, checkedSettings(inputOf(request), 'settings'));
      return json(200, this.#world.settings);
    }
    return json(405, { message: `${method} is not for ${request.path}.` });
  }

  /** One rule or a list of them. */
  #addFaults(request: WireRequest): unknown {
    const input = inputOf(request);
    const rules = checkedFaultRules(Array.isArray(input) ? input : [input], 'faults');
    return { rules: this.#faults.add(rules) };
  }

  #removeFaults(item: string | undefined): WireResponse {
    const found = this.#faults.remove(item === undefined ? undefined : Number(item));
    if (item !== undefined && !found) return json(404, { message: `There is no fault ${item}.` });
    return json(200, { rules: this.#faults.rules() });
  }
}

function inputOf(request: WireRequest): unknown {
  return parsedJson(textOf(request), 'body');
}

function json(status: number, body: unknown): WireResponse {
  return textResponse(status, 'application/json', `${JSON.stringify(body)}\n`);
}
