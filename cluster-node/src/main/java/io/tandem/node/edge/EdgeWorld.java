package io.tandem.node.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.node.call.EdgeNews;
import io.tandem.node.directory.Directory;
import io.tandem.node.edge.trunk.Vouching;
import io.tandem.node.edge.voice.VoiceDesk;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.intercept.InterceptDesk;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.journal.PersonalSealer;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.SipBindings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.sip.resolve.Dns;
import io.tandem.protocol.sip.transport.SipTransport;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What an edge works with, all given from outside.
 *
 * @param ref this edge in this life
 * @param transport made, not yet started
 * @param voice what decodes, plays and mixes
 * @param calls those of all edges, a moment old
 * @param sealer opens the numbers of agents behind trunks; never on the loop
 * @param clock of connected time
 * @param blocking where the database may be waited for; never the loop
 * @param observation is shown every message, and told which dialogs belong to which call
 * @param vouching signs and judges callers' numbers
 * @param doors tells what befalls them
 * @param intercepts which orders to listen in stand
 * @param others tells the other edges
 * @param dns where carriers' names are looked up
 */
public record EdgeWorld(
    EdgeRef ref,
    EdgeSettings settings,
    SipTransport transport,
    MediaAnchor anchor,
    VoiceDesk voice,
    EntityGateway gateway,
    Directory directory,
    SipBindings bindings,
    CallIndex calls,
    Blinder blinder,
    PersonalSealer sealer,
    EdgeClock clock,
    Executor blocking,
    MeterRegistry meters,
    Observation observation,
    Vouching vouching,
    DoorWatch doors,
    InterceptDesk intercepts,
    Consumer<EdgeNews> others,
    Dns dns) {}
