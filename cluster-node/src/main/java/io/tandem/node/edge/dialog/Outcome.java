package io.tandem.node.edge.dialog;

import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears of the end of one request within a dialog, once, and of every 2xx that comes again, for
 * each needs its ACK (RFC 3261 13.2.2.4). On the loop only.
 */
public final class Outcome implements ClientUser {
  private final Consumer<Ending> end;
  private final Runnable again;
  private boolean ended;

  /**
   * How a request ended.
   *
   * @param status of the final response; 408 when none came, 503 when it could not be sent (RFC
   *     3261 8.1.3.1)
   * @param response null when none came
   */
  public record Ending(int status, @Nullable SipResponse response) {

    /** Whether the other side knows of no such dialog any more, or is not there (12.2.1.2). */
    public boolean isGone() {
      return status == 408 || status == 481;
    }

    /** Whether it was granted. */
    public boolean isSuccess() {
      return response != null && response.isSuccess();
    }
  }

  /** Hears of the end, and of 2xx that come again. */
  public Outcome(Consumer<Ending> end, Runnable again) {
    this.end = end;
    this.again = again;
  }

  /** Hears of the end of a request that is no INVITE. */
  public Outcome(Consumer<Ending> end) {
    this(end, () -> {});
  }

  private void end(Ending ending) {
    if (!ended) {
      ended = true;
      end.accept(ending);
    }
  }

  @Override
  public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
    if (ended && response.isSuccess()) {
      again.run();
    } else if (response.isFinal()) {
      end(new Ending(response.status(), response));
    }
  }

  @Override
  public void onTimeout(ClientTransactionId id) {
    end(new Ending(408, null));
  }

  @Override
  public void onTransportError(ClientTransactionId id, SendFailure failure) {
    end(new Ending(503, null));
  }
}
