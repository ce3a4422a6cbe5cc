/** What recipients say by mutation; the same words come by exchange row and SOAP reply elsewhere. */
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { DeliveryType } from './delivery.type.ts';
import type { DeliveryNode } from './nodes.ts';
import { shownDelivery } from './shown-notice.ts';
import { MeasureFeedbackInput } from './notice.input.ts';
import { noticesOf } from './notice.resolver.ts';
import type { Hearing } from './receive.ts';

const ID_OF_DELIVERY = bilingual('Which delivery; the caller’s own.', '送达标识');

/** The receipt is over what was said and who said it. */
export const heardFrom = ({ caller }: HubContext, word: object): Hearing => ({
  voice: 'MUTATION',
  receipt: sm3Hex(canonicalJson({ caller: caller.subject, credential: caller.credentialId, ...word })),
});

@Resolver()
export class RecipientActsResolver {
  @Mutation(() => DeliveryType, bilingual('Signs for a notice. Repeated, it changes nothing.', '签收'))
  async signNotice(
    @Ctx() context: HubContext,
    @Arg('deliveryId', () => ID, ID_OF_DELIVERY) deliveryId: string,
  ): Promise<DeliveryNode> {
    const hearing = heardFrom(context, { act: 'sign', deliveryId });
    return shownDelivery(
      await noticesOf(context).service.sign(context.caller, deliveryId, hearing),
      deliveryId,
      context,
    );
  }

  @Mutation(() => DeliveryType, bilingual('Sends a notice back before it is signed for.', '退回'))
  async returnNotice(
    @Ctx() context: HubContext,
    @Arg('deliveryId', () => ID, ID_OF_DELIVERY) deliveryId: string,
    @Arg('reason', () => String, bilingual('Why.', '理由')) reason: string,
  ): Promise<DeliveryNode> {
    const hearing = heardFrom(context, { act: 'return', deliveryId, reason });
    const { service } = noticesOf(context);
    return shownDelivery(await service.giveBack(context.caller, deliveryId, reason, hearing), deliveryId, context);
  }

  @Mutation(() => DeliveryType, bilingual('Reports how measures are carried out.', '执行反馈'))
  async feedbackNotice(
    @Ctx() context: HubContext,
    @Arg('deliveryId', () => ID, ID_OF_DELIVERY) deliveryId: string,
    @Arg('feedback', () => [MeasureFeedbackInput], bilingual('One entry per measure.', '反馈内容'))
    feedback: MeasureFeedbackInput[],
  ): Promise<DeliveryNode> {
    const said = feedback.map(({ measureId, result, caseCount, executedAt, description }) => ({
      measureId,
      result,
      caseCount,
      executedAt: executedAt ?? null,
      description: description?.slice(0, MOST_CHARACTERS) ?? null,
    }));
    const hearing = heardFrom(context, { act: 'feedback', deliveryId, feedback: said });
    const { service } = noticesOf(context);
    return shownDelivery(await service.feedBack(context.caller, deliveryId, said, hearing), deliveryId, context);
  }

  @Mutation(() => DeliveryType, bilingual('Confirms that the notice is lifted or undone here.', '确认解除'))
  async confirmLift(
    @Ctx() context: HubContext,
    @Arg('deliveryId', () => ID, ID_OF_DELIVERY) deliveryId: string,
  ): Promise<DeliveryNode> {
    const hearing = heardFrom(context, { act: 'confirmLift', deliveryId });
    return shownDelivery(
      await noticesOf(context).service.confirmLift(context.caller, deliveryId, hearing),
      deliveryId,
      context,
    );
  }

  @Mutation(
    () => DeliveryType,
    bilingual('Has a dead or returned delivery made again, under the caller’s name.', '重新送达'),
  )
  async redeliver(
    @Ctx() context: HubContext,
    @Arg('deliveryId', () => ID, bilingual('Which delivery.', '送达标识')) deliveryId: string,
    @Arg('reason', () => String, bilingual('Why; part of the record.', '理由')) reason: string,
  ): Promise<DeliveryNode> {
    return shownDelivery(
      await noticesOf(context).service.redeliver(context.caller, deliveryId, reason),
      deliveryId,
      context,
    );
  }
}

const MOST_CHARACTERS = 1_000;
