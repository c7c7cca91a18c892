package io.tandem.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.readmodel.IdempotencyKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is long, a recording, is read as its client takes it: a node never holds it. */
class HttpOctetsTest {
  private static final long LONG = 3_000_000_000L;
  private static final int MEGABYTE = 1_000_000;

  /** Zeros without an end; broken at some place. */
  private static final class Zeros extends InputStream {
    private final AtomicLong given = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long brokenAt;

    Zeros(long brokenAt) {
      this.brokenAt = brokenAt;
    }

    @Override
    public int read() {
      throw new AssertionError("octet by octet");
    }

    @Override
    public int read(byte[] into, int at, int count) throws IOException {
      if (given.addAndGet(count) > brokenAt) {
        throw new IOException("not authentic");
      }
      Arrays.fill(into, at, at + count, (byte) 0);
      return count;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void what_is_long_is_read_as_it_is_taken_and_closed_when_its_client_goes_or_it_breaks()
      throws Exception {
    Zeros endless = new Zeros(Long.MAX_VALUE);
    Zeros broken = new Zeros(MEGABYTE);
    ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    ActorSystem<Void> system =
        ActorSystem.create(Behaviors.empty(), "octets", ConfigFactory.defaultReference());
    try (Database database = Databases.H2_MEMORY.open(Database.Contents.JOURNAL);
        HttpApi api =
            HttpApi.start(
                HttpSettings.of("127.0.0.1", 0),
                ports(system, database, blocking),
                List.of(sound("endless", endless, LONG), sound("broken", broken, LONG)))) {
      try (Socket client = asked(api, "endless")) {
        byte[] first = client.getInputStream().readNBytes(MEGABYTE);
        assertThat(new String(first, 0, 1000, StandardCharsets.ISO_8859_1))
            .startsWith("HTTP/1.1 200")
            .contains("Content-Length: " + LONG, "Content-Type: audio/wav");
        assertThat(endless.given.get())
            .as("the rest is at most in the sockets")
            .isLessThan(64L * MEGABYTE);
      }
      assertThat(endless.closed.await(20, TimeUnit.SECONDS)).isTrue();
      try (Socket client = asked(api, "broken")) {
        assertThat(taken(client)).as("the client sees that it is not whole").isLessThan(LONG);
      }
      assertThat(broken.closed.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      system.terminate();
      blocking.close();
    }
  }

  private static Operation sound(String name, Zeros from, long count) {
    return Operation.get(
        name,
        "/" + name,
        Operation.Access.PUBLIC,
        request ->
            origin -> Answer.octets("audio/wav", new Answer.Octets(from, OptionalLong.of(count))));
  }

  @SuppressWarnings("NullAway") // no token is ever looked at
  private static HttpApi.Ports ports(
      ActorSystem<Void> system, Database database, ExecutorService blocking) {
    InstantSource clock = InstantSource.system();
    Blinder blinder = new Blinder(new byte[32]);
    Doorkeeper nobody =
        new Doorkeeper(
            "operator",
            id -> java.util.Optional.empty(),
            id -> java.util.Optional.empty(),
            clock,
            new TokenWatch(null, blinder, id -> java.util.Optional.empty()));
    return new HttpApi.Ports(
        system,
        nobody,
        new IdempotencyKeys(database),
        blinder,
        clock,
        blocking,
        new SimpleMeterRegistry());
  }

  private static Socket asked(HttpApi api, String path) throws IOException {
    Socket client = new Socket("127.0.0.1", api.address().getPort());
    String request = "GET /" + path + " HTTP/1.1\r\nHost: node\r\n\r\n";
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private static long taken(Socket client) {
    long taken = 0;
    byte[] part = new byte[1 << 16];
    try {
      InputStream in = client.getInputStream();
      for (int count = in.read(part); count > 0; count = in.read(part)) {
        taken += count;
      }
    } catch (IOException reset) {
      return taken;
    }
    return taken;
  }
}
