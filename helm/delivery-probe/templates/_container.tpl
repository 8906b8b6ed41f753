{{/* The service itself. Called as the pod is. */}}
{{- define "delivery-probe.container" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $resources := default $values.resources (ternary $values.control.resources dict (eq .component "control")) -}}
- name: delivery-probe
  image: {{ include "delivery-probe.image" $root }}
  imagePullPolicy: {{ $values.image.pullPolicy }}
  {{- with $values.extraArgs }}
  args:
    - serve
    {{- toYaml . | nindent 4 }}
  {{- end }}
  env:
    {{- include "delivery-probe.env" . | trim | nindent 4 }}
  {{- with $values.extraEnvFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  ports:
    - {name: http, containerPort: {{ $values.containerPort }}, protocol: TCP}
    {{- with $values.web.apiPort }}
    - {name: api, containerPort: {{ . }}, protocol: TCP}
    {{- end }}
  startupProbe:
    {{- include "delivery-probe.asked" (list $root "healthy") | nindent 4 }}
    {{- toYaml $values.startupProbe | nindent 4 }}
  livenessProbe:
    {{- include "delivery-probe.asked" (list $root "healthy") | nindent 4 }}
    {{- toYaml $values.livenessProbe | nindent 4 }}
  readinessProbe:
    {{- include "delivery-probe.asked" (list $root "ready") | nindent 4 }}
    {{- toYaml $values.readinessProbe | nindent 4 }}
  resources:
    {{- toYaml $resources | nindent 4 }}
  securityContext:
    {{- toYaml $values.securityContext | nindent 4 }}
  volumeMounts:
    - {name: config, mountPath: /etc/delivery-probe, readOnly: true}
    - {name: data, mountPath: /data}
    - {name: tmp, mountPath: /tmp}
    {{- if include "delivery-probe.webSecret" $root }}
    - {name: web, mountPath: /etc/delivery-probe-web, readOnly: true}
    {{- end }}
    {{- if $values.web.certificateSecret }}
    - {name: tls, mountPath: /etc/delivery-probe-tls, readOnly: true}
    {{- end }}
    {{- range concat $values.extraSecretMounts $values.extraConfigmapMounts }}
    - {{ toJson (merge (pick . "name" "mountPath" "subPath") (dict "readOnly" true)) }}
    {{- end }}
    {{- with $values.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/*
What a kubelet asks. It speaks TLS and verifies nobody, but can show neither a password nor a
certificate: where one is wanted, or may be, it only knocks.
*/}}
{{- define "delivery-probe.asked" -}}
{{- $root := first . -}}
{{- $web := $root.Values.web -}}
{{- $tls := get $web.config "tls_server_config" | default dict -}}
{{- if or $web.existingSecret $web.config.basic_auth_users $tls.client_auth_type -}}
tcpSocket: {port: http}
{{- else -}}
httpGet:
  path: {{ include "delivery-probe.routePrefix" $root }}/-/{{ last . }}
  port: http
  {{- if $tls }}
  scheme: HTTPS
  {{- end }}
{{- end }}
{{- end }}

{{- define "delivery-probe.env" -}}
{{- $values := .root.Values -}}
{{- $host := ternary (printf "[%s]" $values.listenHost) $values.listenHost (contains ":" $values.listenHost) -}}
{{- $env := dict
  "PROBE_CONFIG" (printf "/etc/delivery-probe/%s" (include "delivery-probe.configKey" .root))
  "PROBE_DATA_DIR" "/data"
  "PROBE_LISTEN" (printf "%s:%v" $host $values.containerPort)
  "PROBE_LOG_LEVEL" $values.logLevel
  "PROBE_LOG_FORMAT" $values.logFormat
  "PROBE_DRAIN" $values.drain
-}}
{{- with default (ternary .component "" $values.control.enabled) (ternary $values.role "" (eq .component "prober")) }}
{{- $_ := set $env "PROBE_ROLE" . }}
{{- end }}
{{- if and $values.region (eq .component "prober") }}{{ $_ := set $env "PROBE_REGION" $values.region }}{{ end }}
{{- if and (eq .component "prober") (gt (int $values.shards) 1) }}
{{- $index := dict "fieldPath" "metadata.labels['apps.kubernetes.io/pod-index']" }}
{{- $_ := set $env "PROBE_SHARD" (dict "valueFrom" (dict "fieldRef" $index)) }}
{{- $_ := set $env "PROBE_TOTAL_SHARDS" (toString $values.shards) }}
{{- end }}
{{- if include "delivery-probe.webSecret" .root }}
{{- $_ := set $env "PROBE_WEB_CONFIG_FILE" "/etc/delivery-probe-web/web-config.yml" }}
{{- end }}
{{- with $values.web.externalUrl }}{{ $_ := set $env "PROBE_WEB_EXTERNAL_URL" . }}{{ end }}
{{- with $values.web.routePrefix }}{{ $_ := set $env "PROBE_WEB_ROUTE_PREFIX" . }}{{ end }}
{{- with $values.web.apiPort }}{{ $_ := set $env "PROBE_API_LISTEN" (printf "%s:%v" $host .) }}{{ end }}
{{- range $name, $value := merge (dict) $values.extraEnv $env }}
- name: {{ $name }}
  {{- if kindIs "map" $value }}
  {{- toYaml $value | nindent 2 }}
  {{- else }}
  value: {{ $value | toString | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "delivery-probe.configKey" -}}
{{- if or .Values.existingConfig.secret .Values.existingConfig.configMap }}{{ .Values.existingConfig.key }}
{{- else }}probe.yaml
{{- end }}
{{- end }}
