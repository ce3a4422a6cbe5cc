import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { HubContext, NoticeParts } from '../context.ts';
import type { Numbered } from '../events/event-log.ts';
import { bilingual } from '../description.ts';
import { HubError } from '../errors.ts';
import type { InstitutionNode } from '../institution/institution-node.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { Connection } from '../relay/connection.ts';
import { CursorScalar } from '../scalars/scalars.ts';
import { departmentOf } from './department-of.ts';
import { DeliveryConnection, DeliveryType } from './delivery.type.ts';
import {
  deliveryNode,
  noticeEventNode,
  noticeNode,
  type DeliveryNode,
  type NoticeEventNode,
  type NoticeNode,
} from './nodes.ts';
import { listNoticeEvents } from './notice-event-list.ts';
import { listDeadDeliveries, listNotices } from './notice-list.ts';
import { currentDeliveries, currentVersion, type NoticeEvent } from './notice.ts';
import { NoticeFilter } from './notice.input.ts';
import type { NoticeMeasure } from './notice.type.ts';
import { NoticeConnection, NoticeEventConnection, NoticeEventType, NoticeType } from './notice.type.ts';
import { shownEvent, shownNotice, shownPage } from './shown-notice.ts';
import { subjectNode } from './subject.ts';

const FIRST = { defaultValue: 20, nullable: true, ...bilingual('Size of the page, 1 to 100.', '每页条数') };
const AFTER = { nullable: true, ...bilingual('Continue after this cursor.', '起始游标') };
const DEFAULT_FIRST = 20;
const DEFAULT_EVENTS = 100;
/** Longer than any case; a case that is longer still is paged through by noticeEvents. */
const LONGEST_TIMELINE = 1_000;

/** @throws HubError UNSUPPORTED where the hub keeps no notices */
export function noticesOf({ notices }: HubContext): NoticeParts {
  if (notices !== null) return notices;
  throw new HubError('UNSUPPORTED', 'This hub keeps no notices.');
}

@Resolver(() => NoticeType)
export class NoticeResolver {
  @Query(() => NoticeType, { nullable: true, ...bilingual('The notice of this id.', '按标识查询通知') })
  async notice(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, bilingual('Its id.', '标识')) id: string,
  ): Promise<NoticeNode | null> {
    const notice = await noticesOf(context).service.read(context.caller, id);
    return notice === null ? null : shownNotice(notice, context);
  }

  @Query(() => NoticeConnection, bilingual('Notices that the caller may see, newest first.', '通知列表'))
  async notices(
    @Ctx() context: HubContext,
    @Arg('filter', () => NoticeFilter, { nullable: true, ...bilingual('Which ones.', '筛选') })
    filter: NoticeFilter | null,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => CursorScalar, AFTER) after?: string | null,
  ): Promise<Connection<NoticeNode>> {
    const { store } = noticesOf(context).service;
    const page = await listNotices(store, context.caller, filter ?? {}, first ?? DEFAULT_FIRST, after ?? null);
    return shownPage(page, context);
  }

  @Query(
    () => NoticeEventConnection,
    bilingual(
      'The log of all that happened to notices, oldest first; up to 1000 a page. The last cursor goes on even when the page is short.',
      '通知事件日志',
    ),
  )
  async noticeEvents(
    @Ctx() context: HubContext,
    @Arg('after', () => CursorScalar, AFTER) after: string | null,
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_EVENTS,
      nullable: true,
      ...bilingual('Size of the page, 1 to 1000.', '每页条数'),
    })
    first: number | null,
  ): Promise<Connection<NoticeEventNode>> {
    const page = await listNoticeEvents(noticesOf(context).log, context.caller, first ?? DEFAULT_EVENTS, after);
    for (const { node } of page.edges) shownEvent(node, context);
    return page;
  }

  @Query(
    () => DeliveryConnection,
    bilingual('Deliveries that could not be made; have them repeated with redeliver.', '无法送达列表'),
  )
  async deadDeliveries(
    @Ctx() context: HubContext,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => CursorScalar, AFTER) after?: string | null,
  ): Promise<Connection<DeliveryNode>> {
    const { store } = noticesOf(context).service;
    return shownPage(await listDeadDeliveries(store, context.caller, first ?? DEFAULT_FIRST, after ?? null), context);
  }

  @FieldResolver()
  subject(@Root() { aggregate }: NoticeNode, @Ctx() context: HubContext): Promise<InstitutionNode> {
    return subjectNode(aggregate.subject, context);
  }

  @FieldResolver()
  determiner(@Root() { aggregate }: NoticeNode, @Ctx() context: HubContext): DepartmentDescriptor {
    return departmentOf(aggregate.determinerId, context);
  }

  @FieldResolver()
  measures(@Root() { aggregate }: NoticeNode, @Ctx() context: HubContext): readonly NoticeMeasure[] {
    return currentVersion(aggregate).content.measures.map(({ responsibleId, ...measure }) => ({
      ...measure,
      responsible: departmentOf(responsibleId, context),
    }));
  }

  @FieldResolver(() => [DeliveryType], bilingual('One per recipient of the version that stands.', '送达情况'))
  deliveries(
    @Root() { aggregate }: NoticeNode,
    @Arg('allVersions', () => Boolean, {
      defaultValue: false,
      nullable: true,
      ...bilingual('Those of earlier versions as well.', '包括旧版本'),
    })
    allVersions: boolean | null,
  ): readonly DeliveryNode[] {
    const deliveries = allVersions === true ? aggregate.deliveries : currentDeliveries(aggregate);
    return deliveries.map((delivery) => deliveryNode(aggregate, delivery));
  }

  @FieldResolver(() => [NoticeEventType], bilingual('All that happened to it, oldest first.', '办理过程'))
  async timeline(@Root() { aggregate }: NoticeNode, @Ctx() context: HubContext): Promise<readonly NoticeEventNode[]> {
    const events = await noticesOf(context).log.where({ noticeId: aggregate._id }, LONGEST_TIMELINE);
    return events.map(noticeEventNode);
  }
}

@Resolver(() => DeliveryType)
export class DeliveryResolver {
  @FieldResolver()
  notice(@Root() { aggregate }: DeliveryNode): NoticeNode {
    return noticeNode(aggregate);
  }

  @FieldResolver()
  department(@Root() { departmentId }: DeliveryNode, @Ctx() context: HubContext): DepartmentDescriptor {
    return departmentOf(departmentId, context);
  }
}

@Resolver(() => NoticeEventType)
export class NoticeEventResolver {
  @FieldResolver()
  async notice(@Root() { noticeId }: NoticeEvent & Numbered, @Ctx() context: HubContext): Promise<NoticeNode> {
    return shownNotice(await noticesOf(context).service.store.get(noticeId), context);
  }

  @FieldResolver()
  department(
    @Root() { departmentId }: NoticeEvent & Numbered,
    @Ctx() context: HubContext,
  ): DepartmentDescriptor | null {
    return departmentId === null ? null : departmentOf(departmentId, context);
  }
}
