import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

export interface SignedPost {
  url: string;
  params: Record<string, string>;
  authToken: string;
  /** The public URL Twilio knows, when it differs from where the request really goes. */
  signedUrl?: string;
}

/** Posts a form as Twilio does, signed. Resolves the status, or 0 when the connection failed. */
export async function postSigned({ url, params, authToken, signedUrl }: SignedPost): Promise<number> {
  const signature = getExpectedTwilioSignature(authToken, signedUrl ?? url, params);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      body: new URLSearchParams(params).toString(),
      signal: AbortSignal.timeout(15_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
