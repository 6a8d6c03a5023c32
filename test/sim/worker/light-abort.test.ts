/**
 * Goal: what the simulation uses instead of Node's AbortController behaves as that one does.
 * Method: the same small stories, told with both.
 */
import { expect, test } from '@jest/globals';
import * as light from './light-abort.ts';

interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface Kit {
  controller: () => { readonly signal: Signal; abort(reason?: unknown): void };
  any: (...signals: Signal[]) => Signal;
}

const NODE: Kit = {
  controller: () => new AbortController(),
  any: (...signals) => AbortSignal.any(signals as AbortSignal[]),
};
const LIGHT: Kit = {
  controller: () => new light.AbortController(),
  any: (...signals) => light.AbortSignal.any(signals as light.AbortSignal[]),
};

type Story = (kit: Kit, say: (word: unknown) => void) => void;

const STORIES: Readonly<Record<string, Story>> = {
  'an abort is heard once, with the first reason': ({ controller }, say) => {
    const it = controller();
    it.signal.addEventListener('abort', () => say(it.signal.reason));
    say(it.signal.aborted);
    it.abort('first');
    it.abort('second');
    say(it.signal.aborted);
    say(it.signal.reason);
  },
  'the same listener is added once, and not called when it was removed': ({ controller }, say) => {
    const it = controller();
    const [twice, removed] = [() => say('twice'), () => say('removed')];
    it.signal.addEventListener('abort', twice);
    it.signal.addEventListener('abort', twice, { once: true });
    it.signal.addEventListener('abort', removed);
    it.signal.removeEventListener('abort', removed);
    it.abort();
  },
  'listeners add and remove others while they are called': ({ controller }, say) => {
    const it = controller();
    const removed = () => say('removed');
    it.signal.addEventListener('abort', () => {
      say('first');
      it.signal.removeEventListener('abort', removed);
      it.signal.addEventListener('abort', () => say('added'));
    });
    it.signal.addEventListener('abort', removed);
    it.abort();
  },
  'throwIfAborted throws the reason, whatever it is': ({ controller }, say) => {
    for (const reason of [undefined, null, new Error('why')]) {
      const it = controller();
      it.signal.throwIfAborted();
      it.abort(reason);
      try {
        it.signal.throwIfAborted();
      } catch (error) {
        say(String(error));
      }
    }
  },
  'any is aborted with the first of its signals': ({ any, controller }, say) => {
    const [a, b] = [controller(), controller()];
    const both = any(a.signal, b.signal);
    both.addEventListener('abort', () => say(both.reason));
    b.abort('b');
    a.abort('a');
    say(both.reason);
    say(any(a.signal, b.signal).reason);
    say(any().aborted);
  },
};

test.each(Object.entries(STORIES))('%s', (_, story) => {
  const [node, own]: [unknown[], unknown[]] = [[], []];

  story(NODE, (word) => node.push(word));
  story(LIGHT, (word) => own.push(word));

  expect(own).toEqual(node);
  expect(node.length).toBeGreaterThan(0);
});
