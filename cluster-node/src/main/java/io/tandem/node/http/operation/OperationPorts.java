package io.tandem.node.http.operation;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandem.node.directory.Directory;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.http.Exports;
import io.tandem.node.recording.RecordingShelf;
import io.tandem.persistence.archive.ArchiveShelf;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.PersonalSealer;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.privacy.ErasureLog;
import io.tandem.persistence.privacy.Erasures;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.DisputeIndex;
import io.tandem.persistence.readmodel.DisputeRates;
import io.tandem.persistence.readmodel.EntityViews;
import io.tandem.persistence.readmodel.SecurityIndex;
import io.tandem.persistence.readmodel.SipBans;
import io.tandem.persistence.readmodel.SipTraces;
import io.tandem.persistence.webhook.Deliveries;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the operations reach.
 *
 * @param codec of stored events
 * @param sealer of numbers that stand in a word of text
 * @param deliveries what webhooks were told
 * @param erasures how persons are erased
 * @param erasureLog and what was
 * @param security which events are listed as security events
 * @param archives where calls are that have left the journal; empty where none leaves by itself
 * @param exports accounts' data as files
 * @param plainWebhooks whether webhooks may be told over http
 * @param realm of the digest challenge, part of every stored SIP credential
 * @param ratioCalls the last calls the short-call ratio is taken of (COOL-1)
 * @param ratioWindow and how far back they may be
 * @param notReady why the node cannot be used just now; empty when it can
 */
public record OperationPorts(
    EntityGateway gateway,
    Directory directory,
    EntityViews views,
    CallIndex calls,
    DisputeIndex disputes,
    DisputeRates disputeRates,
    Deliveries deliveries,
    boolean plainWebhooks,
    Erasures erasures,
    ErasureLog erasureLog,
    SipBans bans,
    SipTraces traces,
    SecurityIndex security,
    JournalReader journal,
    Optional<ArchiveShelf> archives,
    EventCodec codec,
    PersonalSealer sealer,
    RecordingShelf recordings,
    Exports exports,
    Blinder blinder,
    InstantSource clock,
    String realm,
    int ratioCalls,
    Duration ratioWindow,
    PrometheusMeterRegistry meters,
    Supplier<Optional<String>> notReady) {}
