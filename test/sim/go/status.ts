import type { Color } from '../../../src/deploy/model.ts';
import { CONFIG_SHA } from '../engine/hello.ts';

/** What it writes into the lock, in its own spelling. */
export interface Status {
  Artifact: { BuildNumber: number; Value: string; Tags: Record<string, string> | null };
  ConfigSHA: string;
  NewTaskSetID: string;
  NewActiveColor: Color | '';
  Done: boolean;
  Step: number;
}

/** What it begins with. */
export function newStatus(): Status {
  return {
    Artifact: { BuildNumber: 0, Value: '', Tags: null },
    ConfigSHA: CONFIG_SHA,
    NewTaskSetID: '',
    NewActiveColor: '',
    Done: false,
    Step: 1,
  };
}

export function encodeStatus(status: Status): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(status));
}

/** What it finds in the lock; members that it does not know are lost with its next write. */
export function parseStatus(data: Uint8Array | undefined): Status | undefined {
  if (!data || data.length === 0) return undefined;
  const { Artifact, ConfigSHA, Done, NewActiveColor, NewTaskSetID, Step } = JSON.parse(
    new TextDecoder().decode(data),
  ) as Status;
  return { Artifact, ConfigSHA, NewTaskSetID, NewActiveColor, Done, Step };
}
