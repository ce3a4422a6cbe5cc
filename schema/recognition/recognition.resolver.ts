import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { HubContext, RecognitionParts } from '../context.ts';
import { bilingual } from '../description.ts';
import { HubError } from '../errors.ts';
import type { Numbered } from '../events/event-log.ts';
import type { InstitutionNode } from '../institution/institution-node.ts';
import { departmentOf } from '../notice/department-of.ts';
import { subjectNode } from '../notice/subject.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { Connection } from '../relay/connection.ts';
import { CursorScalar } from '../scalars/scalars.ts';
import type { RecognitionCheck } from '../verification/verification.type.ts';
import { isReproducible } from './case.ts';
import { checkNode } from './check-node.ts';
import { recognitionEventNode, targetNode, type RecognitionEventNode, type RecognitionNode } from './nodes.ts';
import { listRecognitionEvents, listRecognitions } from './recognition-list.ts';
import { RecognitionFilter } from './recognition.input.ts';
import { lastDecision, type RecognitionEvent } from './recognition.ts';
import {
  RecognitionConnection,
  RecognitionEventConnection,
  RecognitionEventType,
  RecognitionType,
  SyncTarget,
} from './recognition.type.ts';
import { shownRecognition, touchRecognition } from './shown-recognition.ts';

const FIRST = { defaultValue: 20, nullable: true, ...bilingual('Size of the page, 1 to 100.', '每页条数') };
const AFTER = { nullable: true, ...bilingual('Continue after this cursor.', '起始游标') };
const DEFAULT_FIRST = 20;
const DEFAULT_EVENTS = 100;
/** Longer than any; what is longer still is paged through by recognitionEvents. */
const LONGEST_TIMELINE = 1_000;

/** @throws HubError UNSUPPORTED where the hub keeps no recognitions */
export function recognitionsOf({ recognitions }: Pick<HubContext, 'recognitions'>): RecognitionParts {
  if (recognitions !== null) return recognitions;
  throw new HubError('UNSUPPORTED', 'This hub keeps no recognitions.');
}

@Resolver(() => RecognitionType)
export class RecognitionResolver {
  @Query(() => RecognitionType, { nullable: true, ...bilingual('The recognition of this id.', '按标识查询互认记录') })
  async recognition(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, bilingual('Its id.', '标识')) id: string,
  ): Promise<RecognitionNode | null> {
    const recognition = await recognitionsOf(context).service.read(context.caller, id);
    return recognition === null ? null : shownRecognition(recognition, context);
  }

  @Query(() => RecognitionConnection, bilingual('Recognitions that the caller may see, newest first.', '互认记录列表'))
  async recognitions(
    @Ctx() context: HubContext,
    @Arg('filter', () => RecognitionFilter, { nullable: true, ...bilingual('Which ones.', '筛选') })
    filter: RecognitionFilter | null,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => CursorScalar, AFTER) after?: string | null,
  ): Promise<Connection<RecognitionNode>> {
    const { store } = recognitionsOf(context).service;
    const page = await listRecognitions(store, context.caller, filter ?? {}, first ?? DEFAULT_FIRST, after ?? null);
    for (const { node } of page.edges) touchRecognition(node.aggregate, context);
    return page;
  }

  @Query(
    () => RecognitionEventConnection,
    bilingual(
      'The log of all that happened to recognitions, oldest first; up to 1000 a page. The last cursor goes on even when the page is short.',
      '互认事件日志',
    ),
  )
  async recognitionEvents(
    @Ctx() context: HubContext,
    @Arg('after', () => CursorScalar, AFTER) after: string | null,
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_EVENTS,
      nullable: true,
      ...bilingual('Size of the page, 1 to 1000.', '每页条数'),
    })
    first: number | null,
  ): Promise<Connection<RecognitionEventNode>> {
    return await listRecognitionEvents(recognitionsOf(context).log, context.caller, first ?? DEFAULT_EVENTS, after);
  }

  @FieldResolver()
  institution(@Root() { aggregate }: RecognitionNode, @Ctx() context: HubContext): Promise<InstitutionNode> {
    return subjectNode(aggregate.institution, context);
  }

  @FieldResolver()
  requester(@Root() { aggregate }: RecognitionNode, @Ctx() context: HubContext): DepartmentDescriptor {
    return departmentOf(aggregate.requesterId, context);
  }

  @FieldResolver()
  checks(@Root() { aggregate }: RecognitionNode, @Ctx() context: HubContext): readonly RecognitionCheck[] {
    return lastDecision(aggregate).judgement.checks.map((check) => checkNode(check, context));
  }

  @FieldResolver()
  syncTargets(@Root() { aggregate }: RecognitionNode): readonly ReturnType<typeof targetNode>[] {
    return aggregate.targets.map(targetNode);
  }

  @FieldResolver()
  isReproducible(@Root() { aggregate }: RecognitionNode): boolean {
    return isReproducible(lastDecision(aggregate));
  }

  @FieldResolver(() => [RecognitionEventType], bilingual('All that happened to it, oldest first.', '办理过程'))
  async timeline(
    @Root() { aggregate }: RecognitionNode,
    @Ctx() context: HubContext,
  ): Promise<readonly RecognitionEventNode[]> {
    const events = await recognitionsOf(context).log.where({ recognitionId: aggregate._id }, LONGEST_TIMELINE);
    return events.map(recognitionEventNode);
  }
}

@Resolver(() => SyncTarget)
export class SyncTargetResolver {
  @FieldResolver()
  department(
    @Root() { departmentId }: ReturnType<typeof targetNode>,
    @Ctx() context: HubContext,
  ): DepartmentDescriptor {
    return departmentOf(departmentId, context);
  }
}

@Resolver(() => RecognitionEventType)
export class RecognitionEventResolver {
  @FieldResolver()
  async recognition(
    @Root() { recognitionId }: RecognitionEvent & Numbered,
    @Ctx() context: HubContext,
  ): Promise<RecognitionNode> {
    return shownRecognition(await recognitionsOf(context).service.store.get(recognitionId), context);
  }

  @FieldResolver()
  department(
    @Root() { departmentId }: RecognitionEvent & Numbered,
    @Ctx() context: HubContext,
  ): DepartmentDescriptor | null {
    return departmentId === null ? null : departmentOf(departmentId, context);
  }
}
