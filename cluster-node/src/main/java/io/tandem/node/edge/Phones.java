package io.tandem.node.edge;

import io.tandem.node.edge.register.FlowToken;
import io.tandem.node.edge.register.Flows;
import io.tandem.node.edge.trunk.CarrierCall;
import io.tandem.node.edge.trunk.Carriers;
import io.tandem.persistence.journal.SealedWord;
import io.tandem.persistence.readmodel.SipBinding;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the devices of an endpoint are, from the location service that all edges share. What was
 * found is good for a second, so that a busy phone costs the database one look a second; what was
 * not found is looked up again.
 */
final class Phones {
  private static final Logger LOG = LoggerFactory.getLogger(Phones.class);
  private static final long FRESH_NANOS = 1_000_000_000L;
  private static final int REMEMBERED_MAX = 10_000;

  private record Found(List<SipBinding> bindings, long atNanos) {}

  private final EdgeWorld world;
  private final Map<String, Found> remembered = new HashMap<>();

  Phones(EdgeWorld world) {
    this.world = world;
  }

  /** The devices of an endpoint, or the carrier of a number of the public network (TEL-3). */
  void devices(
      String callId, String endpoint, Carriers carriers, Consumer<List<PhoneLeg.Device>> then) {
    if (SealedWord.is(endpoint)) {
      opened(
          endpoint,
          number ->
              number.ifPresentOrElse(
                  clear -> behind(callId, clear, carriers, then), () -> then.accept(List.of())));
    } else if (endpoint.startsWith("+")) {
      behind(callId, endpoint, carriers, then); // of agents that were made before it was sealed
    } else {
      devices(endpoint, then);
    }
  }

  private static void behind(
      String callId, String number, Carriers carriers, Consumer<List<PhoneLeg.Device>> then) {
    CarrierCall out = carriers.call(callId, Admissions.digits(number));
    out.next(
        found ->
            then.accept(
                found == null
                    ? List.of()
                    : List.of(new PhoneLeg.Device(found.uri(), found.target(), out))));
  }

  /** The number of an agent; empty once the agent was erased, and where the keys do not answer. */
  private void opened(String word, Consumer<Optional<String>> then) {
    var unused =
        CompletableFuture.supplyAsync(() -> SealedWord.open(world.sealer(), word), world.blocking())
            .whenCompleteAsync(
                (number, failure) -> {
                  if (failure != null) {
                    LOG.warn("an agent's number cannot be opened: {}", failure.toString());
                    then.accept(Optional.empty());
                  } else {
                    then.accept(number);
                  }
                },
                world.transport().loop());
  }

  /**
   * Gives the devices, on the loop; none when the database does not answer, for then nobody can say
   * where the phone is.
   */
  void devices(String endpoint, Consumer<List<PhoneLeg.Device>> then) {
    Found found = remembered.get(endpoint);
    long nowNanos = world.transport().loop().nanoTime();
    if (found != null && nowNanos - found.atNanos() < FRESH_NANOS) {
      then.accept(devices(found.bindings()));
      return;
    }
    var unused =
        CompletableFuture.supplyAsync(
                () -> world.bindings().find(endpoint, world.clock().now().wall()), world.blocking())
            .whenCompleteAsync(
                (bindings, failure) -> {
                  if (failure != null) {
                    LOG.warn("the location service does not answer: {}", failure.toString());
                    then.accept(List.of());
                  } else {
                    then.accept(remember(endpoint, bindings));
                  }
                },
                world.transport().loop());
  }

  /**
   * Of all devices those that a URI names: one with {@code gr} is the GRUU of an instance (RFC
   * 5627), and nobody else's.
   */
  static List<PhoneLeg.Device> named(SipUri uri, List<PhoneLeg.Device> all) {
    String instance = uri.params().unquoted("gr");
    return !uri.params().has("gr")
        ? all
        : all.stream().filter(device -> device.instance().equals(instance)).toList();
  }

  /** A registration changed: look again. */
  void forget(String endpoint) {
    remembered.remove(endpoint);
  }

  private List<PhoneLeg.Device> remember(String endpoint, List<SipBinding> bindings) {
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear();
    }
    if (!bindings.isEmpty()) {
      remembered.put(endpoint, new Found(bindings, world.transport().loop().nanoTime()));
    }
    return devices(bindings);
  }

  /** Which of their connections are open is looked at for each call. */
  private List<PhoneLeg.Device> devices(List<SipBinding> bindings) {
    return Flows.called(bindings, this::isGone).stream()
        .map(binding -> device(binding, world.ref().name(), world.transport()::isConnected))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Whether a device that is reached on its own connection alone has none any more: it keeps flows,
   * or it is a page. Of connections to other edges nothing is known here.
   */
  private boolean isGone(SipBinding binding) {
    Destination source = source(binding.flow()).orElse(null);
    return source != null
        && binding.edgeId().equals(world.ref().name())
        && source.protocol().isReliable()
        && (binding.regId() > 0 || source.protocol().isWebSocket())
        && !world.transport().isConnected(source);
  }

  /**
   * A device behind proxies is reached through them (RFC 3327 section 5.3): where the first of them
   * listens, with all of them as its route.
   */
  private static Optional<PhoneLeg.Device> behind(SipBinding binding, SipUri contact) {
    int open = binding.path().indexOf('<');
    int close = binding.path().indexOf('>', open + 1);
    return open < 0 || close < 0
        ? Optional.empty()
        : SipUri.parse(binding.path().substring(open + 1, close))
            .flatMap(Destination::of)
            .map(
                proxy ->
                    new PhoneLeg.Device(contact, proxy, null, binding.path(), binding.instance()));
  }

  /**
   * A device behind NAT is reached where its REGISTER came from; one that names its own address is
   * reached there, for it may listen on another port than it sends from. Over TCP the connection it
   * registered on is used while it is open; where that is another edge's, through it.
   *
   * @param own the name of this edge
   * @param isConnected whether there is a connection to an address
   */
  static Optional<PhoneLeg.Device> device(
      SipBinding binding, String own, Predicate<Destination> isConnected) {
    SipUri contact = SipUri.parse(binding.contact()).orElse(null);
    Optional<Destination> source = source(binding.flow());
    if (contact == null || source.isEmpty()) {
      return Optional.empty();
    }
    boolean ours = FlowToken.isIn(binding.path()) && binding.edgeId().equals(own);
    if (!binding.path().isEmpty() && !ours) {
      return behind(binding, contact);
    }
    Target target = source.get();
    TransportProtocol protocol = source.get().protocol();
    Optional<Destination> named = Destination.of(contact);
    InetAddress sourceHost = source.get().address().getAddress();
    if (named.isPresent()
        && named.get().address().getAddress().equals(sourceHost)
        && !protocol.isWebSocket()
        && !(protocol.isReliable() && isConnected.test(source.get()))) {
      target =
          protocol.isReliable() ? new Destination(protocol, named.get().address()) : named.get();
    }
    return Optional.of(new PhoneLeg.Device(contact, target, null, "", binding.instance()));
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
