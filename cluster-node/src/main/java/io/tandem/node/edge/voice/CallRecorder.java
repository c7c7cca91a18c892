package io.tandem.node.edge.voice;

import io.tandem.node.call.CallCommand;
import io.tandem.node.recording.RecordingShelf;
import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.protocol.media.record.Recording;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records one call where its campaign wants it and its caller was told (TEL-14, CMP-3), and attests
 * the decision, the place and what became of it. On the edge's loop only; files are opened and
 * ended elsewhere.
 */
public final class CallRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(CallRecorder.class);

  private final CallVoice voice;
  private final Executor loop;
  private final Supplier<Instant> clock;
  private final Consumer<CallCommand> facts;
  private RecordingShelf.Opening.@Nullable Opened recording;
  private boolean paused;
  private boolean ended;

  /**
   * @param facts what is to be attested
   */
  public CallRecorder(
      CallVoice voice, Executor loop, Supplier<Instant> clock, Consumer<CallCommand> facts) {
    this.voice = voice;
    this.loop = loop;
    this.clock = clock;
    this.facts = facts;
  }

  /**
   * The call is connected.
   *
   * @param subject whose voice it is
   * @param told whether the caller heard the notice
   */
  public void begin(CampaignVoice terms, String callId, String subject, boolean told) {
    if (!terms.records()) {
      return;
    }
    Integer rateHz = voice.recordableHz().orElse(null);
    if (!told) {
      declined("NOTICE_NOT_PLAYED");
    } else if (rateHz == null) {
      declined("CODEC_UNKNOWN");
    } else if (voice.isOverloaded()) {
      declined("VOICE_OVERLOADED");
    } else {
      voice.aside(
          () -> {
            RecordingShelf.Opening opening = voice.shelf().open(callId, subject, rateHz);
            loop.execute(() -> opened(opening, rateHz));
          });
    }
  }

  private void declined(String ground) {
    facts.accept(new CallCommand.RecordingDecided(ground, null, clock.get()));
  }

  private void opened(RecordingShelf.Opening opening, int rateHz) {
    switch (opening) {
      case RecordingShelf.Opening.Opened opened -> {
        recording = opened;
        facts.accept(
            new CallCommand.RecordingDecided("NOTICE_PLAYED", opened.place(), clock.get()));
        if (ended) {
          finish(opened);
        } else {
          if (paused) {
            opened.recording().pause();
          }
          voice.record(opened.recording(), rateHz);
        }
      }
      case RecordingShelf.Opening.Refused refused -> {
        LOG.warn("a recording cannot be made: {}", refused.reason());
        declined("STORE_FAILED");
      }
    }
  }

  /** Keeps nothing of what comes, or goes on. */
  public void pause(boolean on) {
    paused = on;
    voice.pauseRecording(on);
  }

  /** The call is over. */
  public void end() {
    ended = true;
    RecordingShelf.Opening.Opened running = recording;
    if (running != null) {
      finish(running);
    }
  }

  private void finish(RecordingShelf.Opening.Opened running) {
    voice.aside(
        () -> {
          Recording.Done done = running.recording().finish();
          String kept = voice.shelf().finished(running.place());
          if (!kept.isEmpty()) {
            LOG.warn("a recording stays on this node's disk: {}", kept);
          }
          try {
            loop.execute(() -> facts.accept(told(done)));
          } catch (RejectedExecutionException leaving) {
            LOG.warn("the node leaves; a recording is whole and its call does not know");
          }
        });
  }

  private CallCommand told(Recording.Done done) {
    return new CallCommand.RecordingDone(
        Math.round(done.seconds() * 1000),
        done.octets(),
        done.sha256(),
        done.lostMillis(),
        done.failure(),
        clock.get());
  }
}
