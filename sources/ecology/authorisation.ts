/** The authorisation code travels inside the body of each call; it is put in below Mesh, whose log would print it. */
import { z } from 'zod';

const Request = z.looseObject({ jkid: z.string() });

/** @returns what gives the text of a request the code, beside the operation that it is for */
export function withAuthorisation(jksqm: string): (body: string) => string {
  return (body) => {
    const { jkid, ...rest } = Request.parse(JSON.parse(body));
    return JSON.stringify({ jkid, jksqm, ...rest });
  };
}
