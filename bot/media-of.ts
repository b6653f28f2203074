import type { Channel } from '../channels/channel.ts';
import type { OpenMedia, RemoveMedia } from '../channels/media/fetch-job.ts';

/** Media by the channel it came through. */
export function mediaOf(channels: ReadonlyMap<string, Channel>): { openMedia: OpenMedia; removeMedia: RemoveMedia } {
  const find = (name: string): Channel => {
    const channel = channels.get(name);
    if (!channel) throw new Error(`No channel "${name}" is configured; its media wait until it is.`);
    return channel;
  };
  return {
    openMedia: (name, media, signal) => {
      const channel = find(name);
      if (!channel.openMedia) throw new Error(`Channel "${name}" has no media to fetch.`);
      return channel.openMedia(media, signal);
    },
    removeMedia: async (name, media) => {
      await find(name).removeMedia?.(media);
    },
  };
}
