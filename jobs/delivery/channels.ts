/** Which way leads to a department. */
import type { EndpointStore } from '../../schema/delivery/endpoint-store.ts';
import type { ChannelOf, DeliveryChannel, NoticeDoor } from '../../schema/delivery/ports.ts';
import type { SourceRegistry } from '../../schema/ports.ts';

export interface ChannelParts {
  readonly departments: Pick<SourceRegistry, 'find'>;
  readonly endpoints: Pick<EndpointStore, 'findOf'>;
  readonly webhook: DeliveryChannel;
}

/** The department's own protocol; its source bounds the calls itself. */
const throughDoor = (door: NoticeDoor): DeliveryChannel => ({
  name: door.channel,
  admit: () => Promise.resolve({ admitted: true, leave: () => undefined }),
  deliver: (_departmentId, envelope, scope) => door.deliver(envelope, scope),
});

/** Departments' own protocols have a form for notices, and for nothing else that the hub sends. */
const NOTICES = 'notice.';

/**
 * An endpoint that a department has registered comes before the door of its own protocol: it was asked for. A disabled one
 * gives way to the door; without a door its messages wait for it (see webhook-channel.ts).
 */
export const channelsOf =
  ({ departments, endpoints, webhook }: ChannelParts): ChannelOf =>
  async (departmentId, type) => {
    const door = type.startsWith(NOTICES) ? departments.find(departmentId)?.notices : undefined;
    const endpoint = await endpoints.findOf(departmentId);
    if (endpoint !== null && (endpoint.state === 'ENABLED' || door === undefined)) return webhook;
    return door === undefined ? null : throughDoor(door);
  };
