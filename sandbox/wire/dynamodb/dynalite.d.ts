declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }

  /** A server that has not been told to listen yet, over a store of its own in memory. */
  export default function dynalite(options?: Options): Server;
}
