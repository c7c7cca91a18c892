package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.typesafe.config.ConfigFactory;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What k8s/ says is what Kubernetes knows and what the node does. */
class ManifestsTest {
  private static final Path K8S = HouseTree.root().resolve("k8s");
  private static final Path BASE = K8S.resolve("base");
  private static final Path SINGLE = K8S.resolve("overlays/single-node");
  private static Manifests manifests = new Manifests(java.util.Map.of(), java.util.Map.of());
  private static StatefulSet node = new StatefulSet();
  private static Container container = new Container();
  @TempDir Path dir;

  @BeforeAll
  static void load_everything_strictly() throws IOException {
    manifests = Manifests.load(K8S);
    node = manifests.only(BASE.resolve("node.yaml"), StatefulSet.class);
    container = node.getSpec().getTemplate().getSpec().getContainers().getFirst();
  }

  @Test
  void a_wrong_field_a_wrong_kind_and_a_doubled_key_are_found() throws IOException {
    String good = Files.readString(BASE.resolve("node.yaml"));
    for (String bad :
        List.of(
            good.replace("livenessProbe", "livelinessProbe"),
            good.replace("secretKeyRef", "secretRef"),
            good.replace("runAsNonRoot: true", "runAsNotRoot: true"),
            good.replace("apps/v1", "apps/v1beta1"),
            good.replace("  replicas: 1\n", "  replicas: 1\n  replicas: 2\n"))) {
      assertThat(bad).isNotEqualTo(good);
      Files.writeString(dir.resolve("bad.yaml"), bad);
      assertThatThrownBy(() -> Manifests.load(dir))
          .isInstanceOfAny(IllegalArgumentException.class, IOException.class);
    }
    Files.writeString(dir.resolve("bad.yaml"), good);
    assertThat(Manifests.load(dir).documents()).hasSize(1);
  }

  @Test
  void every_file_is_used_by_a_kustomization_and_every_used_file_exists() {
    var used = new TreeSet<Path>();
    manifests
        .kustomizations()
        .forEach(
            (file, kustomization) -> {
              assertThat(kustomization.path("apiVersion").asText())
                  .isEqualTo("kustomize.config.k8s.io/v1beta1");
              assertThat(
                      List.of(
                          "apiVersion",
                          "kind",
                          "resources",
                          "patches",
                          "configMapGenerator",
                          "labels"))
                  .containsAll(
                      kustomization.propertyStream().map(java.util.Map.Entry::getKey).toList());
              references(kustomization)
                  .forEach(name -> used.add(file.resolveSibling(name).normalize()));
            });
    assertThat(used).allSatisfy(path -> assertThat(path).exists());
    assertThat(used).containsAll(manifests.documents().keySet());
    assertThat(used.stream().filter(Files::isDirectory))
        .allSatisfy(d -> assertThat(d.resolve("kustomization.yaml")).exists());
  }

  @Test
  void the_service_finds_the_nodes_pods_and_their_ports() {
    var service = manifests.only(BASE.resolve("service.yaml"), Service.class).getSpec();
    var labels = node.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(labels).containsAllEntriesOf(service.getSelector());
    assertThat(labels).containsAllEntriesOf(node.getSpec().getSelector().getMatchLabels());
    var names = container.getPorts().stream().map(ContainerPort::getName).toList();
    assertThat(service.getPorts())
        .allSatisfy(port -> assertThat(names).contains(port.getTargetPort().getStrVal()));
    assertThat(
            List.of(
                container.getStartupProbe(),
                container.getLivenessProbe(),
                container.getReadinessProbe()))
        .extracting(Probe::getHttpGet)
        .allSatisfy(get -> assertThat(names).contains(get.getPort().getStrVal()));
  }

  /** A typing error in a probe's path would be a node that is killed for ever. */
  @Test
  void the_probes_ask_what_the_node_answers_to_anybody() throws IOException {
    try (InputStream document =
        Objects.requireNonNull(getClass().getResourceAsStream("/openapi.yaml"))) {
      JsonNode paths = new YAMLMapper().readTree(document).path("paths");
      Map<String, Probe> probes =
          Map.of(
              "/health/live", container.getLivenessProbe(),
              "/health/ready", container.getReadinessProbe());
      probes.forEach(
          (path, probe) -> {
            assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
            assertThat(paths.path(path).path("get").path("x-access").asText())
                .as(path + " needs no token")
                .isEqualTo("PUBLIC");
          });
      assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/health/live");
    }
  }

  @Test
  void the_overlay_puts_the_node_on_its_hosts_network_with_a_disk_that_is_claimed() {
    var spec = manifests.only(SINGLE.resolve("host-network.yaml"), StatefulSet.class).getSpec();
    var claim = manifests.only(SINGLE.resolve("data.yaml"), PersistentVolumeClaim.class);
    var pod = spec.getTemplate().getSpec();
    assertThat(spec.getReplicas()).as("a port of a host is taken once").isEqualTo(1);
    assertThat(pod.getHostNetwork()).isTrue();
    assertThat(pod.getVolumes().getFirst().getPersistentVolumeClaim().getClaimName())
        .isEqualTo(claim.getMetadata().getName());
    assertThat(pod.getContainers().getFirst().getName()).isEqualTo(container.getName());
    assertThat(pod.getContainers().getFirst().getVolumeMounts().getFirst().getMountPath())
        .isEqualTo("/var/lib/tandem");
  }

  @Test
  void every_mount_has_its_volume() {
    var overlay =
        manifests
            .only(SINGLE.resolve("host-network.yaml"), StatefulSet.class)
            .getSpec()
            .getTemplate()
            .getSpec();
    var volumes = new ArrayList<>(node.getSpec().getTemplate().getSpec().getVolumes());
    volumes.addAll(overlay.getVolumes());
    var mounts = new ArrayList<>(container.getVolumeMounts());
    mounts.addAll(overlay.getContainers().getFirst().getVolumeMounts());
    assertThat(mounts)
        .extracting(VolumeMount::getName)
        .containsExactlyInAnyOrderElementsOf(volumes.stream().map(Volume::getName).toList());
  }

  @Test
  void the_pod_may_do_nothing_it_does_not_need() {
    var pod = node.getSpec().getTemplate().getSpec();
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getResources().getLimits()).containsKey("memory");
    assertThat(container.getResources().getRequests()).containsKeys("memory", "cpu");
  }

  @Test
  void the_configuration_names_exactly_the_containers_environment() throws IOException {
    var named = new TreeSet<String>();
    var uncommented = Files.readString(BASE.resolve("tandem.conf")).replaceAll("(?m)#.*$", "");
    var matcher = Pattern.compile("\\$\\{\\??([A-Z_]+)}").matcher(uncommented);
    while (matcher.find()) {
      named.add(matcher.group(1));
    }
    assertThat(container.getEnv().stream().map(EnvVar::getName))
        .containsExactlyInAnyOrderElementsOf(named);
  }

  @Test
  void ports_and_configuration_are_the_nodes_own() throws IOException {
    var defaults = ConfigFactory.parseResources("tandem.conf");
    assertThat(container.getPorts())
        .extracting(port -> port.getName() + " " + port.getContainerPort())
        .containsExactlyInAnyOrder(
            "http " + defaults.getInt("tandem.http.port"),
            "sip-udp " + defaults.getInt("tandem.sip.port"),
            "sip-tcp " + defaults.getInt("tandem.sip.port"));
    assertThat(Files.readString(K8S.resolve("README.md")))
        .contains("RTP (" + defaults.getString("tandem.rtp.ports").replace('-', '–') + ", UDP)");
    var own = ConfigFactory.parseFile(BASE.resolve("tandem.conf").toFile());
    var environment = new java.util.HashMap<String, Object>();
    container.getEnv().forEach(variable -> environment.put(variable.getName(), "x"));
    own.resolveWith(ConfigFactory.parseMap(environment))
        .entrySet()
        .forEach(
            entry ->
                assertThat(defaults.hasPath(entry.getKey()))
                    .as(entry.getKey() + " is a key of the node")
                    .isTrue());
  }

  private static List<String> references(JsonNode kustomization) {
    var names = new ArrayList<String>();
    kustomization.path("resources").forEach(resource -> names.add(resource.asText()));
    kustomization.path("patches").forEach(patch -> names.add(patch.path("path").asText()));
    kustomization
        .path("configMapGenerator")
        .forEach(generator -> generator.path("files").forEach(file -> names.add(file.asText())));
    return names;
  }
}
