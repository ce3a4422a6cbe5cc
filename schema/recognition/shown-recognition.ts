/** Recognitions as they are handed to a caller: on record as read, with the institution that they are about. */
import type { HubContext } from '../context.ts';
import { recognitionNode, type RecognitionNode } from './nodes.ts';
import type { Recognition } from './recognition.ts';

type Scoped = Pick<HubContext, 'scope'>;

/** One that is handed out by a list. */
export function touchRecognition({ _id, institution }: Recognition, { scope: { trace } }: Scoped): void {
  trace?.touch('recognition', _id);
  trace?.touch('institution', institution.creditCode);
  trace?.received(1);
}

export function shownRecognition(recognition: Recognition, context: Scoped): RecognitionNode {
  touchRecognition(recognition, context);
  return recognitionNode(recognition);
}
