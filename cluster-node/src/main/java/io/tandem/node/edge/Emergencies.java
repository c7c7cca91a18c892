package io.tandem.node.edge;

import io.tandem.node.edge.dialog.Farewell;
import io.tandem.node.edge.voice.CallVoice;
import io.tandem.node.edge.voice.Foyer;
import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.persistence.journal.TimedId;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.reliable.RAck;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.transport.Flow;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A phone of ours that dials an emergency number (TEL-12). No service is reached from here, so the
 * caller is told that in plain words, as early media, and sent elsewhere (380, RFC 3261 21.3.5). No
 * account, wallet or limit is asked: nothing is billed and no balance is in the way. Strangers are
 * challenged first: nobody is spoken to at an address that another one named. On the loop only.
 */
final class Emergencies {
  private static final Logger LOG = LoggerFactory.getLogger(Emergencies.class);
  private static final int STATUS = 380;
  private static final String WHY = "no emergency service is reached from here";
  private static final long LONGEST_MILLIS = 30_000;

  private final Edge edge;
  private final EdgeWorld world;
  private final Registrar registrar;
  private final Map<ServerTransactionId, Told> told = new HashMap<>();

  Emergencies(Edge edge, EdgeWorld world, Registrar registrar) {
    this.edge = edge;
    this.world = world;
    this.registrar = registrar;
  }

  /** Whether this is such a call: taken on, and of no further concern to others. */
  boolean takes(ServerTransactionId id, SipRequest invite, Flow flow) {
    if (!edge.settings().emergency().numbers().contains(invite.uri().userText())) {
      return false;
    }
    if (registrar.proves(id, invite, flow)) {
      edge.count("emergency", STATUS);
      LOG.warn("a phone dialled an emergency number; it is told that nobody is reached");
      tell(id, invite, flow);
    }
    return true;
  }

  private void tell(ServerTransactionId id, SipRequest invite, Flow flow) {
    String tag = edge.tokens().next();
    Dialog early = Dialog.uas(invite, tag, false).orElse(null);
    Sdp offer = SdpPass.of(invite).filter(sdp -> !edge.objects(sdp)).orElse(null);
    boolean reliableOnly = invite.optionTags(HeaderName.REQUIRE).contains(RAck.OPTION);
    if (early == null
        || offer == null
        || reliableOnly
        || !(world.anchor().allocate(TimedId.next("emergency"))
            instanceof MediaAnchor.Allocation.Granted(Relay relay))) {
      edge.respond(id, refusal(invite, tag));
      return;
    }
    told.put(id, new Told(id, invite, flow, tag, offer, relay));
  }

  private static SipResponse refusal(SipRequest invite, String tag) {
    return SipMaker.response(invite, STATUS, tag)
        .with(HeaderName.REASON, Farewell.reason(STATUS, WHY));
  }

  /** The caller gave up while it was told. */
  boolean cancelled(ServerTransactionId id) {
    Told gone = told.get(id);
    if (gone != null) {
      gone.end(SipMaker.response(gone.invite, 487, gone.tag));
    }
    return gone != null;
  }

  /** One caller that is being told. */
  private final class Told implements Foyer.Doorman {
    final ServerTransactionId id;
    final SipRequest invite;
    final Flow flow;
    final String tag;
    private final Relay relay;
    private final SdpPass pass;
    private final CallVoice voice;
    private final Foyer foyer;
    private final EdgeLoop.Timer longest;

    Told(ServerTransactionId id, SipRequest invite, Flow flow, String tag, Sdp offer, Relay relay) {
      this.id = id;
      this.invite = invite;
      this.flow = flow;
      this.tag = tag;
      this.relay = relay;
      this.pass = edge.pass(relay.leg(Side.A));
      this.voice = edge.voice(relay);
      CampaignVoice words =
          new CampaignVoice(
              edge.settings().emergency().announcement(), CampaignVoice.Recording.OFF, "");
      this.foyer = new Foyer(voice, words, offer, edge.loop(), this);
      this.longest = edge.loop().schedule(LONGEST_MILLIS, this::letIn);
      pass.heardOffer(offer, flow);
      edge.respond(id, SipMaker.response(invite, 100, null));
      if (foyer.holdsBack()) {
        edge.loop().execute(foyer::begin);
      } else {
        edge.loop().execute(this::letIn);
      }
    }

    @Override
    public void openEarly(Sdp answer) {
      edge.respond(
          id,
          SipMaker.response(invite, 183, tag)
              .withContact(edge.maker().contact(flow))
              .withBody(Sdp.CONTENT_TYPE, pass.answered(answer)));
    }

    @Override
    public boolean isDescribedWithinReach() {
      return pass.isDescribedWithinReach();
    }

    @Override
    public void later(long millis, Runnable next) {
      var unused = edge.loop().schedule(millis, next);
    }

    /** All is said, or nothing can be. */
    @Override
    public void letIn() {
      end(refusal(invite, tag));
    }

    void end(SipResponse last) {
      if (told.remove(id) == null) {
        return;
      }
      longest.cancel();
      edge.respond(id, last);
      foyer.close();
      voice.close();
      pass.close();
      relay.close();
    }
  }
}
