import { expect } from '@jest/globals';

/** What a command must have said somewhere in its output. */
export const containing = (text: string): string => expect.stringContaining(text) as unknown as string;

/** What all of its output must look like. */
export const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as unknown as string;
