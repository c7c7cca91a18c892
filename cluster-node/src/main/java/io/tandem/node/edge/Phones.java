package io.tandem.node.edge;

import io.tandem.persistence.readmodel.SipBinding;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the devices of an endpoint are, from the location service that all edges share. What was
 * found is good for a second, and who is looked up again takes all along that were rung a moment
 * ago, so that busy phones cost the database one look a second together; what was not found is
 * looked up again.
 */
final class Phones {
  private static final Logger LOG = LoggerFactory.getLogger(Phones.class);
  private static final long FRESH_NANOS = 1_000_000_000L;
  private static final int REMEMBERED_MAX = 10_000;

  /** A phone that was not rung for so long is not looked up for the sake of others. */
  private static final long BUSY_NANOS = 5_000_000_000L;

  /** How many are looked up together. */
  private static final int TOGETHER_MAX = 500;

  /**
   * @param atNanos when they were looked up
   */
  private record Found(List<PhoneLeg.Device> devices, long atNanos) {}

  /** When each was last rung, the latest last. */
  private final LinkedHashMap<String, Long> rung = new LinkedHashMap<>(64, 0.75f, true);

  /** What is being asked just now and may be remembered when the answer comes; by identity. */
  private final Set<Set<String>> asking = Collections.newSetFromMap(new IdentityHashMap<>());

  private final EdgeWorld world;
  private final Map<String, Found> remembered = new HashMap<>();

  Phones(EdgeWorld world) {
    this.world = world;
  }

  /**
   * Gives the devices, on the loop; none when the database does not answer, for then nobody can say
   * where the phone is.
   */
  void devices(String endpoint, Consumer<List<PhoneLeg.Device>> then) {
    Found found = remembered.get(endpoint);
    long nowNanos = world.transport().loop().nanoTime();
    if (rung.size() >= REMEMBERED_MAX) {
      rung.clear();
    }
    Long unusedBefore = rung.put(endpoint, nowNanos);
    if (found != null && nowNanos - found.atNanos() < FRESH_NANOS) {
      then.accept(found.devices());
      return;
    }
    Set<String> open = toAsk(endpoint, nowNanos);
    List<String> asked = List.copyOf(open);
    asking.add(open);
    var unused =
        CompletableFuture.supplyAsync(
                () -> world.bindings().findAll(asked, world.clock().now().wall()), world.blocking())
            .whenCompleteAsync(
                (bindings, failure) -> {
                  asking.remove(open);
                  if (failure != null) {
                    LOG.warn("the location service does not answer: {}", failure.toString());
                    then.accept(List.of());
                  } else {
                    open.forEach(each -> remember(each, bindings));
                    then.accept(devicesOf(endpoint, bindings));
                  }
                },
                world.transport().loop());
  }

  /** This one, and the busy ones of whom what is known is no longer fresh. */
  private Set<String> toAsk(String endpoint, long nowNanos) {
    Set<String> all = new LinkedHashSet<>();
    all.add(endpoint);
    for (Map.Entry<String, Long> other : rung.sequencedEntrySet().reversed()) {
      if (nowNanos - other.getValue() > BUSY_NANOS || all.size() >= TOGETHER_MAX) {
        break;
      }
      Found found = remembered.get(other.getKey());
      if (found != null && nowNanos - found.atNanos() >= FRESH_NANOS) {
        all.add(other.getKey());
      }
    }
    all.removeIf(
        each -> !each.equals(endpoint) && asking.stream().anyMatch(set -> set.contains(each)));
    return all;
  }

  /** A registration changed: look again, and keep nothing that is on its way now. */
  void forget(String endpoint) {
    remembered.remove(endpoint);
    asking.forEach(open -> open.remove(endpoint));
  }

  private void remember(String endpoint, Map<String, List<SipBinding>> bindings) {
    List<PhoneLeg.Device> devices = devicesOf(endpoint, bindings);
    if (devices.isEmpty()) {
      remembered.remove(endpoint);
      return;
    }
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear();
    }
    remembered.put(endpoint, new Found(devices, world.transport().loop().nanoTime()));
  }

  private static List<PhoneLeg.Device> devicesOf(
      String endpoint, Map<String, List<SipBinding>> bindings) {
    return bindings.getOrDefault(endpoint, List.of()).stream()
        .map(Phones::device)
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * A device behind NAT is reached where its REGISTER came from; one that names its own address is
   * reached there, for it may listen on another port than it sends from. Over TCP the connection it
   * registered on is used while it is open.
   */
  private static Optional<PhoneLeg.Device> device(SipBinding binding) {
    SipUri contact = SipUri.parse(binding.contact()).orElse(null);
    Optional<Destination> source = source(binding.flow());
    if (contact == null || source.isEmpty()) {
      return Optional.empty();
    }
    Target target = source.get();
    Optional<Destination> named = Destination.of(contact);
    InetAddress sourceHost = source.get().address().getAddress();
    if (named.isPresent()
        && !source.get().protocol().isReliable()
        && named.get().address().getAddress().equals(sourceHost)) {
      target = named.get();
    }
    return Optional.of(new PhoneLeg.Device(contact, target));
  }

  /** {@code UDP 192.0.2.1 5060}, as {@link #flow} writes it. */
  private static Optional<Destination> source(String flow) {
    String[] words = flow.split(" ", 3);
    if (words.length != 3) {
      return Optional.empty();
    }
    return TransportProtocol.named(words[0])
        .flatMap(
            protocol ->
                Destination.literal(words[1])
                    .map(
                        host ->
                            new Destination(
                                protocol,
                                new InetSocketAddress(host, Integer.parseInt(words[2])))));
  }

  /** Where a REGISTER came from, as it is stored. */
  static String flow(TransportProtocol protocol, InetSocketAddress source) {
    return protocol.name() + " " + source.getAddress().getHostAddress() + " " + source.getPort();
  }
}
