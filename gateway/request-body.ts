import type { FastifyInstance } from 'fastify';
import { HttpError } from './http-errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new HttpError(400, 'The request body is not valid UTF-8.');
  }
}

/** Takes JSON in UTF-8 and nothing else. */
export function acceptJsonOnly(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
    if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
      done(new HttpError(415, 'Send the request as application/json in UTF-8.'));
      return;
    }
    try {
      const text = decode(body);
      if (text === '') throw new HttpError(400, 'The request body is empty.');
      void parseJson(request, text, (error, value: unknown) => {
        done(error === null ? null : new HttpError(400, 'The request body is not valid JSON.'), value);
      });
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
